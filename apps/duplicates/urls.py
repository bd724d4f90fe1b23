"""URLs of duplicate cases."""

from django.urls import path

from .views import queue, review

urlpatterns = [
    path("duplicates/", queue.CaseList.as_view(), name="duplicates"),
    path("duplicates/many/", queue.many, name="decide_duplicates"),
    path("duplicates/many/<uuid:batch>/undo/", queue.undo_many, name="undo_duplicates"),
    path("duplicates/<int:pk>/", review.duplicate, name="duplicate"),
    path("duplicates/<int:pk>/preview/", review.preview, name="preview_duplicate"),
    path("duplicates/<int:pk>/merge/", review.merge, name="merge_duplicate"),
    path("duplicates/<int:pk>/dismiss/", review.dismiss, name="dismiss_duplicate"),
    path("duplicates/<int:pk>/confirm/", review.confirm, name="confirm_duplicate"),
    path("duplicates/<int:pk>/assign/", review.assign, name="assign_duplicate"),
    path("duplicates/<int:pk>/comment/", review.comment, name="comment_duplicate"),
    path("duplicates/<int:pk>/undo/", review.undo, name="undo_duplicate"),
]

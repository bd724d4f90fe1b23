"""Whoever changed a draft before editors were kept is read from the history, so that they do not audit it."""

from django.db import migrations

_EDITORS = """
UPDATE vouchers_voucher AS v SET editor_ids = e.people
  FROM (SELECT event.pgh_obj_id AS id, array_agg(DISTINCT (context.metadata ->> 'user')::bigint) AS people
          FROM vouchers_voucherevent AS event JOIN pghistory_context AS context ON context.id = event.pgh_context_id
         WHERE context.metadata ->> 'user' IS NOT NULL
         GROUP BY event.pgh_obj_id) AS e
 WHERE e.id = v.id AND v.state = 'draft'
"""


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0003_duties_of_vouchers")]

    operations = [migrations.RunSQL(_EDITORS, migrations.RunSQL.noop)]

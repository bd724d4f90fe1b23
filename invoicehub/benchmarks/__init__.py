"""Measurements that ``manage.py bench`` prints."""

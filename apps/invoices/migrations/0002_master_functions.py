"""SQL functions that follow ``merged_into``; used through ``apps.invoices.masters``, and by SQL of other apps."""

from django.db import migrations

# Redirects may point at redirects, so both walk. UNION, not UNION ALL: a circle would end the walk, not the server.
MASTERS = """
CREATE FUNCTION invoice_masters(ids bigint[]) RETURNS TABLE (invoice_id bigint, master_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
WITH RECURSIVE path AS (
    SELECT i.id AS asked, i.id, i.merged_into_id FROM invoices_invoice i WHERE i.id = ANY(ids)
    UNION SELECT path.asked, i.id, i.merged_into_id FROM invoices_invoice i JOIN path ON i.id = path.merged_into_id
)
SELECT asked, id FROM path WHERE merged_into_id IS NULL
$$
"""
# What was merged into an asked invoice by way of another asked one belongs to the latter only.
FAMILIES = """
CREATE FUNCTION invoice_families(ids bigint[]) RETURNS TABLE (master_id bigint, invoice_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
WITH RECURSIVE family AS (
    SELECT asked.id AS master, asked.id FROM unnest(ids) AS asked(id)
    UNION SELECT family.master, i.id FROM invoices_invoice i JOIN family ON i.merged_into_id = family.id
     WHERE i.id <> ALL(ids)
)
SELECT master, id FROM family
$$
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [
        migrations.RunSQL(MASTERS, "DROP FUNCTION invoice_masters(bigint[])"),
        migrations.RunSQL(FAMILIES, "DROP FUNCTION invoice_families(bigint[])"),
    ]

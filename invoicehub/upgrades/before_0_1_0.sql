-- Makes a database of the last migration before 0.1.0 one of 0.1.0. manage.py upgrade_before_0_1_0 runs it in one
-- transaction, while no trigger of ours exists. The triggers are made again afterwards, from the migrations of 0.1.0.
--
-- 1. Names of tables, columns, constraints and indexes. Names that Django or PostgreSQL made up stay as they are.
--    Each ALTER TABLE old RENAME TO new is one line: the test reads them.
-- 2. What is new or gone: the change cursors, the functions over merged invoices, wider columns.
-- 3. Values with other names: in columns, event tables, arrays and JSON.
-- 4. Match keys: those of one source name it by its id and no longer by its name.
-- 5. Content types and permissions: renamed, so that groups and people keep them.
-- 6. Migrations: the new ones of our apps take the place of the old ones.

-- 1. Names ------------------------------------------------------------------------------------------------------------

ALTER TABLE bills_billentry RENAME TO bills_billline;
ALTER TABLE bills_billentryevent RENAME TO bills_billlineevent;
ALTER TABLE bills_invoiceuse RENAME TO bills_billinvoice;
ALTER TABLE bills_invoiceuseevent RENAME TO bills_billinvoiceevent;
ALTER TABLE bills_holdpolicy RENAME TO bills_reservationpolicy;
ALTER TABLE bills_holdpolicyevent RENAME TO bills_reservationpolicyevent;
ALTER TABLE core_keptreply RENAME TO core_idempotentresponse;
ALTER TABLE duplicates_case RENAME TO duplicates_duplicatecase;
ALTER TABLE duplicates_decision RENAME TO duplicates_casedecision;
ALTER TABLE duplicates_pair RENAME TO duplicates_candidatepair;
ALTER TABLE duplicates_search RENAME TO duplicates_searchrun;
ALTER TABLE invoices_alias RENAME TO invoices_invoicekey;
ALTER TABLE invoices_samedocument RENAME TO invoices_mergelink;
ALTER TABLE invoices_sighting RENAME TO invoices_sourcerecord;
ALTER TABLE invoices_standing RENAME TO invoices_invoiceusage;
ALTER TABLE vouchers_redfinding RENAME TO vouchers_finding;
ALTER TABLE vouchers_redfinding_bills RENAME TO vouchers_finding_bills;
ALTER TABLE vouchers_redfinding_people RENAME TO vouchers_finding_people;
ALTER TABLE vouchers_redfinding_vouchers RENAME TO vouchers_finding_vouchers;
ALTER TABLE vouchers_redfindingevent RENAME TO vouchers_findingevent;

ALTER TABLE bills_assistantmessage RENAME COLUMN bxd_key TO external_key;
ALTER TABLE bills_assistantsession RENAME COLUMN entry_id TO line_id;
ALTER TABLE bills_bill RENAME COLUMN bxd_key TO external_key;
ALTER TABLE bills_billevent RENAME COLUMN bxd_key TO external_key;
ALTER TABLE bills_billline RENAME COLUMN branch_id TO line_key;
ALTER TABLE bills_billlineevent RENAME COLUMN branch_id TO line_key;
ALTER TABLE bills_billinvoice RENAME COLUMN entry_id TO line_id;
ALTER TABLE bills_billinvoiceevent RENAME COLUMN entry_id TO line_id;
ALTER TABLE duplicates_duplicatecase RENAME COLUMN survivor_id TO master_id;
ALTER TABLE duplicates_searchrun RENAME COLUMN looked_at TO invoice_count;
ALTER TABLE duplicates_searchrun RENAME COLUMN judged TO pair_count;
ALTER TABLE invoices_mergelink RENAME COLUMN survivor_key TO master_key;
ALTER TABLE invoices_mergelink RENAME COLUMN said_by_id TO linked_by_id;
ALTER TABLE invoices_mergelink RENAME COLUMN said_at TO linked_at;
ALTER TABLE invoices_invoiceusage RENAME COLUMN said_by TO app;
ALTER TABLE outbox_push RENAME COLUMN lanes TO ordering_keys;
ALTER TABLE outbox_push RENAME COLUMN in_doubt TO outcome_unknown;
ALTER TABLE outbox_push RENAME COLUMN holds_source TO circuit_open;
ALTER TABLE outbox_pushdecision RENAME COLUMN in_doubt TO outcome_unknown;
ALTER TABLE outbox_pushattempt RENAME COLUMN question TO status_query;
ALTER TABLE vouchers_accountbook RENAME COLUMN subject TO chart_of_accounts;
ALTER TABLE vouchers_accountbookevent RENAME COLUMN subject TO chart_of_accounts;
ALTER TABLE vouchers_accountmapping RENAME COLUMN debit_subject TO debit_account;
ALTER TABLE vouchers_accountmapping RENAME COLUMN tax_subject TO tax_account;
ALTER TABLE vouchers_accountmapping RENAME COLUMN credit_subject TO credit_account;
ALTER TABLE vouchers_accountmappingevent RENAME COLUMN debit_subject TO debit_account;
ALTER TABLE vouchers_accountmappingevent RENAME COLUMN tax_subject TO tax_account;
ALTER TABLE vouchers_accountmappingevent RENAME COLUMN credit_subject TO credit_account;
ALTER TABLE vouchers_voucherentry RENAME COLUMN subject TO account;
ALTER TABLE vouchers_voucherentry RENAME COLUMN account_dimension TO dimension;
ALTER TABLE vouchers_voucherentryevent RENAME COLUMN subject TO account;
ALTER TABLE vouchers_voucherentryevent RENAME COLUMN account_dimension TO dimension;
ALTER TABLE vouchers_finding_bills RENAME COLUMN redfinding_id TO finding_id;
ALTER TABLE vouchers_finding_people RENAME COLUMN redfinding_id TO finding_id;
ALTER TABLE vouchers_finding_vouchers RENAME COLUMN redfinding_id TO finding_id;

ALTER INDEX use_contested RENAME TO bill_invoice_contested;
ALTER INDEX use_by_bill RENAME TO bill_invoice_by_bill;
ALTER INDEX one_live_use_per_entry RENAME TO one_bill_invoice_per_line;
ALTER INDEX one_live_hold_per_invoice RENAME TO one_reservation_per_invoice;
ALTER TABLE bills_billline RENAME CONSTRAINT one_entry_per_position TO one_line_per_position;
ALTER TABLE bills_billline RENAME CONSTRAINT one_entry_per_branch TO one_line_per_key;
ALTER TABLE bills_reservationpolicy RENAME CONSTRAINT one_hold_policy TO one_reservation_policy;
ALTER TABLE core_idempotentresponse RENAME CONSTRAINT one_reply_per_key TO one_response_per_key;
ALTER TABLE duplicates_casemember RENAME CONSTRAINT one_seat_per_invoice TO one_member_per_invoice;
ALTER TABLE duplicates_notduplicate RENAME CONSTRAINT one_word_per_pair TO one_dismissal_per_pair;
ALTER TABLE invoices_invoicekey RENAME CONSTRAINT one_alias_per_invoice TO one_key_per_invoice;
ALTER TABLE invoices_invoiceusage RENAME CONSTRAINT one_standing_per_app TO one_usage_per_app;
ALTER TABLE invoices_sourcerecord RENAME CONSTRAINT one_sighting_per_record TO one_source_record_per_external_id;
ALTER INDEX push_holding RENAME TO push_circuit_open;
ALTER INDEX push_lane RENAME TO push_by_ordering_key;

-- 2. New and gone -----------------------------------------------------------------------------------------------------

-- All followers of the ledger's changes keep their place in one table.
CREATE TABLE invoices_changecursor (
    follower varchar(60) NOT NULL PRIMARY KEY,
    changed_at timestamp with time zone NULL,
    invoice_id bigint NOT NULL
);
CREATE INDEX invoices_changecursor_follower_82c18a64_like ON invoices_changecursor (follower varchar_pattern_ops);
INSERT INTO invoices_changecursor (follower, changed_at, invoice_id)
SELECT 'bills:' || source_id, changed_at, invoice_id FROM bills_upstreamposition;
INSERT INTO invoices_changecursor (follower, changed_at, invoice_id)
SELECT 'duplicates', watermark_at, watermark_id
  FROM duplicates_searchrun WHERE watermark_at IS NOT NULL ORDER BY id DESC LIMIT 1;
-- The old mark had no invoice: those of its very moment are looked at once more, which changes nothing.
INSERT INTO invoices_changecursor (follower, changed_at, invoice_id)
SELECT 'findings', max(looked_to), 0 FROM vouchers_alarmwatermark HAVING count(*) > 0;
DROP TABLE bills_upstreamposition;
DROP TABLE vouchers_alarmwatermark;
ALTER TABLE duplicates_searchrun DROP COLUMN watermark_at, DROP COLUMN watermark_id;

-- As in the migration invoices.0002_master_functions.
CREATE FUNCTION invoice_masters(ids bigint[]) RETURNS TABLE (invoice_id bigint, master_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
WITH RECURSIVE path AS (
    SELECT i.id AS asked, i.id, i.merged_into_id FROM invoices_invoice i WHERE i.id = ANY(ids)
    UNION SELECT path.asked, i.id, i.merged_into_id FROM invoices_invoice i JOIN path ON i.id = path.merged_into_id
)
SELECT asked, id FROM path WHERE merged_into_id IS NULL
$$;
CREATE FUNCTION invoice_families(ids bigint[]) RETURNS TABLE (master_id bigint, invoice_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100 AS $$
WITH RECURSIVE family AS (
    SELECT asked.id AS master, asked.id FROM unnest(ids) AS asked(id)
    UNION SELECT family.master, i.id FROM invoices_invoice i JOIN family ON i.merged_into_id = family.id
     WHERE i.id <> ALL(ids)
)
SELECT master, id FROM family
$$;

ALTER TABLE vouchers_voucher ALTER COLUMN resource TYPE varchar(10);
ALTER TABLE vouchers_voucherevent ALTER COLUMN resource TYPE varchar(10);

-- 3. Values -----------------------------------------------------------------------------------------------------------

-- An invoice on a bill: held is reserved now.
UPDATE invoices_invoice SET expense_status = 'reserved' WHERE expense_status = 'held';
UPDATE invoices_invoiceusage SET expense_status = 'reserved' WHERE expense_status = 'held';
UPDATE bills_upstreamlisting SET expense_status = 'reserved' WHERE expense_status = 'held';
UPDATE bills_billinvoice SET state = 'reserved' WHERE state = 'held';
UPDATE bills_billinvoiceevent SET state = 'reserved' WHERE state = 'held';
UPDATE invoices_sourcerecord
   SET record = regexp_replace(record, '("expense_status": ?)"held"', '\1"reserved"')
 WHERE record ~ '"expense_status": ?"held"';
UPDATE invoices_fieldconflict
   SET chosen = CASE chosen WHEN 'held' THEN 'reserved' ELSE chosen END,
       claims = coalesce((SELECT jsonb_agg(CASE claim ->> 'value' WHEN 'held' THEN claim || '{"value": "reserved"}'
                                                                  ELSE claim END ORDER BY position)
                            FROM jsonb_array_elements(claims) WITH ORDINALITY AS c(claim, position)), '[]')
 WHERE field = 'expense_status';

-- Bill types are our own words. Maycur's two types are the general ones.
CREATE FUNCTION pg_temp.bill_type(old text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
SELECT CASE old WHEN 'Tra' THEN 'travel' WHEN 'Pur' THEN 'purchase' WHEN 'BizOut' THEN 'corporate'
                WHEN 'REIMBURSE' THEN 'expense' WHEN 'CORP_REIMBURSE' THEN 'corporate' ELSE old END
$$;
-- Where two types that are one now had a setting each, the stricter one stays, else that of the general type.
DELETE FROM bills_checksetting WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY check_code, company_id, pg_temp.bill_type(bill_type)
            ORDER BY array_position(ARRAY['block', 'warn', 'note', 'off'], level::text),
                     bill_type IN ('REIMBURSE', 'CORP_REIMBURSE')
        ) AS place FROM bills_checksetting
    ) AS ranked WHERE place > 1
);
DELETE FROM bills_reservationpolicy WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (
            PARTITION BY company_id, pg_temp.bill_type(bill_type)
            ORDER BY share_by_amount, bill_type IN ('REIMBURSE', 'CORP_REIMBURSE')
        ) AS place FROM bills_reservationpolicy
    ) AS ranked WHERE place > 1
);
UPDATE bills_bill SET type = pg_temp.bill_type(type) WHERE type <> pg_temp.bill_type(type);
UPDATE bills_billevent SET type = pg_temp.bill_type(type) WHERE type <> pg_temp.bill_type(type);
UPDATE bills_checksetting SET bill_type = pg_temp.bill_type(bill_type);
UPDATE bills_checksettingevent SET bill_type = pg_temp.bill_type(bill_type);
UPDATE bills_reservationpolicy SET bill_type = pg_temp.bill_type(bill_type);
UPDATE bills_reservationpolicyevent SET bill_type = pg_temp.bill_type(bill_type);
UPDATE bills_billstep SET action = 'line' WHERE action = 'entry';
UPDATE bills_assistantmessage
   SET type = CASE type WHEN 'saveBill' THEN 'choose' WHEN 'saveEntrys' THEN 'adjust' ELSE 'edit' END
 WHERE type IN ('saveBill', 'saveEntrys', 'updateInvoice');

-- Where a voucher was made, and what became of it upstream.
UPDATE vouchers_voucher SET resource = (ARRAY['piaozone', 'eas', 'cloud', 'cosmic', 'galaxy'])[resource::int]
 WHERE resource IN ('1', '2', '3', '4', '5');
UPDATE vouchers_voucherevent SET resource = (ARRAY['piaozone', 'eas', 'cloud', 'cosmic', 'galaxy'])[resource::int]
 WHERE resource IN ('1', '2', '3', '4', '5');
UPDATE vouchers_voucher SET push_state = CASE push_state WHEN 'deleting' THEN 'voiding' ELSE 'voided' END
 WHERE push_state IN ('deleting', 'deleted');

-- Pushes. All of them are settled; their payloads stay what was sent then.
UPDATE outbox_push
   SET kind = CASE kind WHEN 'voucher_delete' THEN 'voucher_void'
                        WHEN 'entry_cache' THEN 'bill_lines_cache'
                        WHEN 'entry_save' THEN 'bill_lines_save'
                        WHEN 'entry_delete' THEN 'bill_line_remove'
                        ELSE 'bill_remove' END
 WHERE kind IN ('voucher_delete', 'entry_cache', 'entry_save', 'entry_delete', 'bill_delete');
UPDATE outbox_pushattempt SET outcome = CASE outcome WHEN 'took_effect' THEN 'applied' ELSE 'not_applied' END
 WHERE outcome IN ('took_effect', 'no_effect');

-- Messages kept as JSON. Inside a text of JSON quotes are escaped, so only codes are found.
DO $$ DECLARE place record; BEGIN
    FOR place IN SELECT table_name, column_name FROM information_schema.columns
                  WHERE table_schema = 'public' AND data_type = 'jsonb' AND table_name ~ '^(bills|outbox|sources)_' LOOP
        EXECUTE format(
            $update$ UPDATE %1$I SET %2$I = regexp_replace(%2$I::text, '("code": "bills\.)entry_(put|dropped|gone)"',
                                                          '\1line_\2"', 'g')::jsonb
                      WHERE %2$I::text ~ '"code": "bills\.entry_(put|dropped|gone)"' $update$,
            place.table_name, place.column_name);
    END LOOP;
END $$;

-- The journals of merges.
UPDATE duplicates_casedecision
   SET journal = journal - 'survivor' - 'copies'
              || jsonb_build_object('master', journal -> 'survivor', 'redirects', journal -> 'copies')
 WHERE journal ? 'survivor';

-- 4. Match keys -------------------------------------------------------------------------------------------------------

-- L:<name of the source>:… and S:<name of the source>:… name the source by its id now. Its history has the former names
-- of a source that was renamed.
CREATE TEMPORARY TABLE source_name ON COMMIT DROP AS
SELECT id AS source_id, name, true AS of_today FROM sources_source
UNION
SELECT e.pgh_obj_id, e.name, false FROM sources_sourceevent e JOIN sources_source s ON s.id = e.pgh_obj_id
 WHERE e.name <> s.name;
-- Keys of records: their source is certain.
CREATE TEMPORARY TABLE record_key ON COMMIT DROP AS
SELECT DISTINCT ON (r.source_id, old) r.source_id, old,
       left(old, 2) || r.source_id || substr(old, 3 + length(n.name)) AS new
  FROM invoices_sourcerecord r CROSS JOIN unnest(r.keys) AS k(old)
  JOIN source_name n ON n.source_id = r.source_id AND starts_with(old, left(old, 2) || n.name || ':')
 WHERE left(old, 2) IN ('L:', 'S:')
 ORDER BY r.source_id, old, length(n.name) DESC;
-- Keys of redirects and in decisions, which no record has: the longest name that fits, preferably one of today.
CREATE TEMPORARY TABLE new_key ON COMMIT DROP AS
SELECT old, min(new) AS new FROM record_key GROUP BY old;
CREATE UNIQUE INDEX ON record_key (source_id, old);
CREATE UNIQUE INDEX ON new_key (old);
ANALYZE record_key;
ANALYZE new_key;
INSERT INTO new_key (old, new)
SELECT DISTINCT ON (old) old, left(old, 2) || n.source_id || substr(old, 3 + length(n.name))
  FROM (
    SELECT key FROM invoices_invoice UNION SELECT key FROM invoices_invoicekey
    UNION SELECT key FROM invoices_mergelink UNION SELECT master_key FROM invoices_mergelink
    UNION SELECT key FROM duplicates_casemember
    UNION SELECT left_key FROM duplicates_notduplicate UNION SELECT right_key FROM duplicates_notduplicate
    UNION SELECT journal ->> 'master' FROM duplicates_casedecision
    UNION SELECT jsonb_array_elements_text(journal -> 'redirects') FROM duplicates_casedecision
    UNION SELECT unnest(ARRAY[link.key, link.value])
      FROM duplicates_casedecision, jsonb_each_text(journal -> 'before') AS link
  ) AS everywhere(old)
  JOIN source_name n ON starts_with(old, left(old, 2) || n.name || ':')
 WHERE left(old, 2) IN ('L:', 'S:') AND NOT EXISTS (SELECT FROM new_key k WHERE k.old = everywhere.old)
 ORDER BY old, n.of_today DESC, length(n.name) DESC;
ANALYZE new_key;
CREATE FUNCTION pg_temp.new_key(asked text) RETURNS text STABLE LANGUAGE sql AS $$
SELECT coalesce((SELECT new FROM new_key WHERE old = asked), asked)
$$;

-- A case is found again by the hash over the keys of its invoices, and over its claims. Only where the hash is that of
-- the old keys the case gets that of the new ones.
CREATE FUNCTION pg_temp.signature(kind text, names text[]) RETURNS text IMMUTABLE LANGUAGE sql AS $$
SELECT encode(sha256(convert_to(kind || string_agg(E'\n' || name, '' ORDER BY name COLLATE "C"), 'UTF8')), 'hex')
  FROM unnest(names) AS n(name)
$$;
UPDATE duplicates_duplicatecase c
   SET signature = pg_temp.signature(c.kind, members.new || claims.names)
  FROM (SELECT case_id, array_agg(key::text) AS old, array_agg(pg_temp.new_key(key)) AS new
          FROM duplicates_casemember GROUP BY case_id) AS members,
       LATERAL (SELECT coalesce(array_agg(concat(coalesce(source_id::text, 'None'), ':', external_id)), '{}') AS names
                  FROM duplicates_claim WHERE case_id = members.case_id) AS claims
 WHERE c.id = members.case_id AND members.new <> members.old
   AND c.signature = pg_temp.signature(c.kind, members.old || claims.names);

UPDATE duplicates_casemember m SET key = k.new FROM new_key k WHERE m.key = k.old;
-- The smaller key of a pair stands left, in the order of Python.
UPDATE duplicates_notduplicate
   SET left_key = least(pg_temp.new_key(left_key) COLLATE "C", pg_temp.new_key(right_key) COLLATE "C"),
       right_key = greatest(pg_temp.new_key(left_key) COLLATE "C", pg_temp.new_key(right_key) COLLATE "C")
 WHERE left(left_key, 2) IN ('L:', 'S:') OR left(right_key, 2) IN ('L:', 'S:');
UPDATE duplicates_casedecision
   SET journal = journal || jsonb_build_object(
           'master', pg_temp.new_key(journal ->> 'master'),
           'redirects', (SELECT coalesce(jsonb_agg(pg_temp.new_key(key)), '[]')
                           FROM jsonb_array_elements_text(journal -> 'redirects') AS r(key)),
           'before', (SELECT coalesce(jsonb_object_agg(pg_temp.new_key(key), pg_temp.new_key(value)), '{}')
                        FROM jsonb_each_text(journal -> 'before')))
 WHERE journal ? 'master' AND journal::text ~ '"[LS]:';
UPDATE invoices_mergelink SET key = pg_temp.new_key(key), master_key = pg_temp.new_key(master_key)
 WHERE left(key, 2) IN ('L:', 'S:') OR left(master_key, 2) IN ('L:', 'S:');
UPDATE invoices_invoicekey i SET key = k.new FROM new_key k WHERE i.key = k.old;
-- The name of an identity conflict ends after 100 characters.
UPDATE invoices_fieldconflict f SET field = left('key:' || k.new, 100)
  FROM invoices_invoicekey i JOIN new_key k ON k.new = i.key
 WHERE i.invoice_id = f.invoice_id AND f.field = left('key:' || k.old, 100);

-- What has its new keys counts as made under today's rules of identity. A key whose source nobody can tell keeps the
-- old version: `manage.py rekey` makes it anew.
UPDATE invoices_sourcerecord r
   SET keys = ARRAY(SELECT coalesce(k.new, o.old) FROM unnest(r.keys) WITH ORDINALITY AS o(old, position)
                      LEFT JOIN record_key k ON k.source_id = r.source_id AND k.old = o.old ORDER BY position),
       identity_version = CASE WHEN EXISTS (
           SELECT FROM unnest(r.keys) AS o(old)
            WHERE left(o.old, 2) IN ('L:', 'S:')
              AND NOT EXISTS (SELECT FROM record_key k WHERE k.source_id = r.source_id AND k.old = o.old)
       ) THEN 1 ELSE 2 END
 WHERE identity_version = 1;
UPDATE invoices_invoice i
   SET key = pg_temp.new_key(key),
       identity_version = CASE WHEN EXISTS (
           SELECT FROM invoices_sourcerecord r WHERE r.invoice_id = i.id AND r.identity_version <> 2
       ) THEN 1 ELSE 2 END
 WHERE identity_version = 1;

-- 5. Content types and permissions ------------------------------------------------------------------------------------

CREATE TEMPORARY TABLE new_model (app, old, new) ON COMMIT DROP AS VALUES
    ('bills', 'billentry', 'billline'),
    ('bills', 'billentryevent', 'billlineevent'),
    ('bills', 'invoiceuse', 'billinvoice'),
    ('bills', 'invoiceuseevent', 'billinvoiceevent'),
    ('bills', 'holdpolicy', 'reservationpolicy'),
    ('bills', 'holdpolicyevent', 'reservationpolicyevent'),
    ('core', 'keptreply', 'idempotentresponse'),
    ('duplicates', 'case', 'duplicatecase'),
    ('duplicates', 'decision', 'casedecision'),
    ('duplicates', 'pair', 'candidatepair'),
    ('duplicates', 'search', 'searchrun'),
    ('invoices', 'alias', 'invoicekey'),
    ('invoices', 'samedocument', 'mergelink'),
    ('invoices', 'sighting', 'sourcerecord'),
    ('invoices', 'standing', 'invoiceusage'),
    ('vouchers', 'redfinding', 'finding'),
    ('vouchers', 'redfindingevent', 'findingevent');
UPDATE auth_permission p
   SET codename = left(p.codename, length(p.codename) - length(m.old)) || m.new
  FROM django_content_type t JOIN new_model m ON m.app = t.app_label AND m.old = t.model
 WHERE p.content_type_id = t.id AND right(p.codename, length(m.old) + 1) = '_' || m.old;
UPDATE django_content_type t SET model = m.new FROM new_model m WHERE m.app = t.app_label AND m.old = t.model;
UPDATE auth_permission SET codename = 'void_voucher', name = 'Can void vouchers, here and upstream'
 WHERE codename = 'reverse_voucher';
UPDATE auth_permission SET name = 'Can acknowledge findings' WHERE codename = 'acknowledge_finding';
-- The positions of followers are one model now; the other ones are gone.
UPDATE auth_permission p SET codename = replace(p.codename, 'upstreamposition', 'changecursor')
  FROM django_content_type t WHERE t.id = p.content_type_id AND t.app_label = 'bills' AND t.model = 'upstreamposition';
UPDATE django_content_type SET app_label = 'invoices', model = 'changecursor'
 WHERE app_label = 'bills' AND model = 'upstreamposition';
CREATE TEMPORARY TABLE gone_permission ON COMMIT DROP AS
SELECT p.id FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
 WHERE t.app_label = 'vouchers' AND t.model = 'alarmwatermark';
DELETE FROM auth_group_permissions WHERE permission_id IN (SELECT id FROM gone_permission);
DELETE FROM accounts_user_user_permissions WHERE permission_id IN (SELECT id FROM gone_permission);
DELETE FROM auth_permission WHERE id IN (SELECT id FROM gone_permission);
UPDATE django_admin_log SET content_type_id = NULL
 WHERE content_type_id = (SELECT id FROM django_content_type WHERE app_label = 'vouchers' AND model = 'alarmwatermark');
DELETE FROM django_content_type WHERE app_label = 'vouchers' AND model = 'alarmwatermark';

-- What permissions are called in English.
CREATE TEMPORARY TABLE new_name (app, model, name) ON COMMIT DROP AS VALUES
    ('bills', 'billline', 'bill line'),
    ('bills', 'billlineevent', 'bill line event'),
    ('bills', 'billinvoice', 'bill invoice'),
    ('bills', 'billinvoiceevent', 'bill invoice event'),
    ('bills', 'reservationpolicy', 'reservation policy'),
    ('bills', 'reservationpolicyevent', 'reservation policy event'),
    ('bills', 'bill', 'bill'),
    ('bills', 'billcover', 'bill cover'),
    ('bills', 'checksetting', 'check setting'),
    ('bills', 'complianceoverride', 'compliance override'),
    ('core', 'idempotentresponse', 'idempotent response'),
    ('duplicates', 'duplicatecase', 'duplicate case'),
    ('duplicates', 'casedecision', 'case decision'),
    ('duplicates', 'candidatepair', 'candidate pair'),
    ('duplicates', 'searchrun', 'search run'),
    ('duplicates', 'rulesetting', 'rule setting'),
    ('invoices', 'invoicekey', 'invoice key'),
    ('invoices', 'mergelink', 'merge link'),
    ('invoices', 'sourcerecord', 'source record'),
    ('invoices', 'invoiceusage', 'invoice usage'),
    ('invoices', 'fieldconflict', 'field conflict'),
    ('invoices', 'changecursor', 'change cursor'),
    ('outbox', 'pushattempt', 'push attempt'),
    ('sources', 'syncrun', 'sync run'),
    ('vouchers', 'finding', 'finding'),
    ('vouchers', 'findingevent', 'finding event'),
    ('vouchers', 'voucherbill', 'voucher bill'),
    ('vouchers', 'voucherentry', 'voucher entry'),
    ('vouchers', 'voucherinvoice', 'voucher invoice');
UPDATE auth_permission p SET name = concat('Can ', split_part(p.codename, '_', 1), ' ', n.name)
  FROM django_content_type t JOIN new_name n ON n.app = t.app_label AND n.model = t.model
 WHERE p.content_type_id = t.id
   AND p.codename IN ('add_' || t.model, 'change_' || t.model, 'delete_' || t.model, 'view_' || t.model);

-- 6. Migrations -------------------------------------------------------------------------------------------------------

DELETE FROM django_migrations
 WHERE app IN ('accounts', 'bills', 'core', 'duplicates', 'invoices', 'outbox', 'sources', 'vouchers');
INSERT INTO django_migrations (app, name, applied) VALUES
    ('accounts', '0001_initial', now()),
    ('core', '0001_initial', now()),
    ('sources', '0001_initial', now()),
    ('invoices', '0001_initial', now()),
    ('invoices', '0002_master_functions', now()),
    ('duplicates', '0001_initial', now()),
    ('outbox', '0001_initial', now()),
    ('bills', '0001_initial', now()),
    ('vouchers', '0001_initial', now());

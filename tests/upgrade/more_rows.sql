-- Rows that before_0_1_0.sql lacks, for the same database: match keys of one source, which had the name of the source in
-- them; reserved invoices in what sources say; two settings for bill types that are one type now.

-- Source 9 has been renamed, and its keys have both names.
INSERT INTO sources_sourceevent (pgh_obj_id, pgh_created_at, pgh_label, id, name, kind, base_url, options, enabled,
                                 interval_minutes, created_at, updated_at, company_id)
SELECT id, created_at, 'update', id, '旧:查重', kind, base_url, options, enabled, interval_minutes, created_at, updated_at,
       company_id
  FROM sources_source WHERE id = 9;

-- Case 3: invoice 16 was merged into 15.
UPDATE invoices_sighting
   SET keys = '{L:旧:查重:ORDER2}',
       record = (record::jsonb - 'digital_number' || '{"link_keys": ["order-2"], "expense_status": "held"}')::text
 WHERE external_id = 'merge-2';
UPDATE invoices_alias SET key = 'L:旧:查重:ORDER2' WHERE key = 'E:25442000000012345878';
UPDATE invoices_samedocument SET key = 'L:旧:查重:ORDER2' WHERE key = 'E:25442000000012345878';
UPDATE invoices_invoice SET key = 'L:旧:查重:ORDER2' WHERE id = 16;
UPDATE duplicates_casemember SET key = 'L:旧:查重:ORDER2' WHERE case_id = 3 AND invoice_id = 16;
UPDATE duplicates_decision
   SET journal = replace(journal::text, 'E:25442000000012345878', 'L:旧:查重:ORDER2')::jsonb WHERE case_id = 3;
UPDATE duplicates_case
   SET signature = encode(sha256(convert_to(E'suspect\nE:25442000000012345678\nL:旧:查重:ORDER2', 'UTF8')), 'hex')
 WHERE id = 3;
UPDATE invoices_sighting
   SET record = left(record, length(record) - 1) || ',"expense_status":"held"}'
 WHERE external_id = 'merge-1';

-- Case 4: a person said that invoices 17 and 18 are two.
UPDATE invoices_sighting
   SET keys = ARRAY['S:' || s.name || ':' || external_id], record = (record::jsonb - 'digital_number')::text
  FROM sources_source s WHERE s.id = source_id AND external_id IN ('dismiss-1', 'dismiss-2');
UPDATE invoices_alias a SET key = s.keys[1]
  FROM invoices_sighting s WHERE s.invoice_id = a.invoice_id AND s.external_id IN ('dismiss-1', 'dismiss-2');
UPDATE invoices_invoice i SET key = a.key FROM invoices_alias a WHERE a.invoice_id = i.id AND i.id IN (17, 18);
UPDATE duplicates_casemember m SET key = i.key FROM invoices_invoice i WHERE i.id = m.invoice_id AND m.case_id = 4;
UPDATE duplicates_notduplicate SET left_key = 'S:查重二:dismiss-2', right_key = 'S:税局二:dismiss-1' WHERE case_id = 4;
UPDATE duplicates_case
   SET signature = encode(sha256(convert_to(E'suspect\nS:查重二:dismiss-2\nS:税局二:dismiss-1', 'UTF8')), 'hex')
 WHERE id = 4;
INSERT INTO invoices_fieldconflict (field, claims, state, reason, created_at, invoice_id)
VALUES ('key:S:税局二:dismiss-1', '[]', 'open', '', now(), 17),
       ('expense_status', '[{"value": "held", "source_id": 8, "external_id": "dismiss-1"},
                            {"value": "used", "source_id": 9, "external_id": "dismiss-2"}]', 'settled', '', now(), 17);
UPDATE invoices_fieldconflict SET chosen = 'held' WHERE field = 'expense_status';

-- Case 5: a double claim of invoice 17, by a source and by a bill.
UPDATE duplicates_case
   SET kind = 'claim',
       signature = encode(sha256(convert_to(E'claim\n8:dismiss-1\nNone:BX-1\nS:税局二:dismiss-1', 'UTF8')), 'hex')
 WHERE id = 5;
DELETE FROM duplicates_casemember WHERE case_id = 5;
INSERT INTO duplicates_casemember (key, case_id, invoice_id) VALUES ('S:税局二:dismiss-1', 5, 17);
INSERT INTO duplicates_claim (external_id, person, department, bill_number, entered_at, deleted, case_id, source_id)
VALUES ('dismiss-1', '', '', '', '', false, 5, 8), ('BX-1', '', '', 'BX-1', '', false, 5, NULL);

INSERT INTO bills_checksetting (check_code, bill_type, level, entries)
VALUES ('title', 'expense', 'note', '{}'), ('title', 'REIMBURSE', 'block', '{}'),
       ('sum', 'REIMBURSE', 'block', '{"of Maycur"}');

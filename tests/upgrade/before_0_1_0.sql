-- A database as the last migration before 0.1.0 left it, with made-up rows in every table: what test_upgrade.py upgrades.
-- Written by pg_dump of PostgreSQL 15, as plain statements for an empty database of version 15 or newer; never edited.
-- Credentials and tokens of upstreams are encrypted under a2V5LW9mLXRoZS11cGdyYWRlLXRlc3QtYW5kLW5vLW0=

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
COMMENT ON EXTENSION btree_gin IS 'support for indexing common datatypes in GIN';
CREATE FUNCTION public._pgh_attach_context() RETURNS uuid
    LANGUAGE plpgsql
    AS $$
                    DECLARE
                        _pgh_context_id UUID;
                        _pgh_context_metadata JSONB;
                    BEGIN
                        BEGIN
                            SELECT INTO _pgh_context_id
                                CURRENT_SETTING('pghistory.context_id');
                            SELECT INTO _pgh_context_metadata
                                CURRENT_SETTING('pghistory.context_metadata');
                            EXCEPTION WHEN OTHERS THEN
                        END;
                        IF _pgh_context_id IS NOT NULL AND _pgh_context_metadata IS NOT NULL THEN
                            INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                                VALUES (_pgh_context_id, _pgh_context_metadata, NOW(), NOW())
                                ON CONFLICT (id) DO UPDATE
                                    SET metadata = EXCLUDED.metadata,
                                        updated_at = EXCLUDED.updated_at
                                    WHERE pghistory_context.metadata != EXCLUDED.metadata;
                            RETURN _pgh_context_id;
                        ELSE
                            RETURN NULL;
                        END IF;
                    END;
                $$;
CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
                DECLARE
                    _pgtrigger_ignore TEXT[];
                    _result BOOLEAN;
                BEGIN
                    BEGIN
                        SELECT INTO _pgtrigger_ignore
                            CURRENT_SETTING('pgtrigger.ignore');
                        EXCEPTION WHEN OTHERS THEN
                    END;
                    IF _pgtrigger_ignore IS NOT NULL THEN
                        SELECT trigger_name = ANY(_pgtrigger_ignore)
                        INTO _result;
                        RETURN _result;
                    ELSE
                        RETURN FALSE;
                    END IF;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_15b35() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userroleevent" ("group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (OLD."group_id", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."user_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_346ba() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (OLD."amount", OLD."bill_id", OLD."branch_id", OLD."cost_type", OLD."description", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."position", OLD."spent_on"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_35a41() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherbillevent" ("bill_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "voucher_id") VALUES (OLD."bill_id", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_5e0cf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_usercompanyevent" ("company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (OLD."company_id", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."user_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_5f792() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherinvoiceevent" ("deductible", "deduction_tax", "id", "invoice_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transfer_out_remark", "voucher_id") VALUES (OLD."deductible", OLD."deduction_tax", OLD."id", OLD."invoice_id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."transfer_out_remark", OLD."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_deed8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherentryevent" ("account_dimension", "amount", "credit", "currency", "debit", "due_date", "exchange_rate", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "price", "quantity", "subject", "summary", "unit", "voucher_id") VALUES (OLD."account_dimension", OLD."amount", OLD."credit", OLD."currency", OLD."debit", OLD."due_date", OLD."exchange_rate", OLD."id", _pgh_attach_context(), NOW(), 'delete', OLD."id", OLD."position", OLD."price", OLD."quantity", OLD."subject", OLD."summary", OLD."unit", OLD."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_delete_delete_ee8cb() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_closedperiodevent" ("book_id", "closed_at", "closed_by_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."book_id", OLD."closed_at", OLD."closed_by_id", OLD."id", OLD."period", _pgh_attach_context(), NOW(), 'delete'); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_guard_hold_1da7a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE living bigint; others bigint; exclusive bigint; taken numeric; most numeric;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF NEW.state = 'released' OR NEW.contested THEN RETURN NEW; END IF;
IF TG_OP = 'UPDATE' AND OLD.state <> 'released' AND NOT OLD.contested AND OLD.invoice_id = NEW.invoice_id
   AND OLD.shared = NEW.shared AND (NOT NEW.shared OR OLD.amount IS NOT DISTINCT FROM NEW.amount)
THEN RETURN NEW; END IF;
WITH RECURSIVE up AS (
    SELECT id, merged_into_id FROM invoices_invoice WHERE id = NEW.invoice_id
    UNION SELECT i.id, i.merged_into_id FROM invoices_invoice i JOIN up ON i.id = up.merged_into_id
) SELECT id INTO living FROM up WHERE merged_into_id IS NULL;
PERFORM pg_advisory_xact_lock(7301, hashint8(living));
WITH RECURSIVE family AS (
    SELECT living AS id UNION SELECT i.id FROM invoices_invoice i JOIN family ON i.merged_into_id = family.id
) SELECT COUNT(*), COUNT(*) FILTER (WHERE NOT u.shared), COALESCE(SUM(ABS(u.amount)), 0)
    INTO others, exclusive, taken
    FROM bills_invoiceuse u JOIN family ON family.id = u.invoice_id
   WHERE u.state <> 'released' AND NOT u.contested AND u.id <> NEW.id;
IF exclusive > 0 OR (others > 0 AND NOT NEW.shared) THEN
    RAISE EXCEPTION 'invoice % is held already', NEW.invoice_id
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_live_hold_per_invoice';
END IF;
IF NEW.shared THEN
    SELECT ABS(total_amount) INTO most FROM invoices_invoice WHERE id = living;
    IF taken + ABS(COALESCE(NEW.amount, 0)) > most THEN
        RAISE EXCEPTION 'invoice % has less left', NEW.invoice_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_within_total';
    END IF;
END IF;
RETURN NEW;

                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_04c56() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherentryevent" ("account_dimension", "amount", "credit", "currency", "debit", "due_date", "exchange_rate", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "price", "quantity", "subject", "summary", "unit", "voucher_id") VALUES (NEW."account_dimension", NEW."amount", NEW."credit", NEW."currency", NEW."debit", NEW."due_date", NEW."exchange_rate", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."position", NEW."price", NEW."quantity", NEW."subject", NEW."summary", NEW."unit", NEW."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_068f1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_accountbookevent" ("account_id", "base_currency", "company_id", "company_id_upstream", "company_number", "created_at", "exchange_rate", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "subject", "system", "type") VALUES (NEW."account_id", NEW."base_currency", NEW."company_id", NEW."company_id_upstream", NEW."company_number", NEW."created_at", NEW."exchange_rate", NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."source_id", NEW."subject", NEW."system", NEW."type"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_32086() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_complianceoverrideevent" ("bill_id", "check_code", "id", "invoice_id", "made_at", "made_by_id", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "signature", "taken_back_at", "taken_back_by_id") VALUES (NEW."bill_id", NEW."check_code", NEW."id", NEW."invoice_id", NEW."made_at", NEW."made_by_id", NEW."message", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."reason", NEW."signature", NEW."taken_back_at", NEW."taken_back_by_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_3867c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sees_all_companies", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."sees_all_companies", NEW."username"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_4b409() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_accountmappingevent" ("book_id", "cost_type", "credit_subject", "debit_subject", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_subject") VALUES (NEW."book_id", NEW."cost_type", NEW."credit_subject", NEW."debit_subject", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."tax_subject"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_676df() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (NEW."amount", NEW."bill_id", NEW."branch_id", NEW."cost_type", NEW."description", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."position", NEW."spent_on"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_788d5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_usercompanyevent" ("company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."company_id", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."user_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_9365d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherbillevent" ("bill_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "voucher_id") VALUES (NEW."bill_id", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_aec3f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_checksettingevent" ("bill_type", "check_code", "company_id", "entries", "id", "level", "limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."bill_type", NEW."check_code", NEW."company_id", NEW."entries", NEW."id", NEW."level", NEW."limit", _pgh_attach_context(), NOW(), 'insert', NEW."id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_bedb9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_billevent" ("amount", "approved_at", "bill_date", "booked_at", "bxd_key", "company_id", "created_at", "created_by_id", "currency", "department", "employee", "id", "number", "origin", "payee", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "state", "submitted_at", "title", "type", "updated_at", "upstream_seen_at", "upstream_state") VALUES (NEW."amount", NEW."approved_at", NEW."bill_date", NEW."booked_at", NEW."bxd_key", NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."department", NEW."employee", NEW."id", NEW."number", NEW."origin", NEW."payee", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."source_id", NEW."state", NEW."submitted_at", NEW."title", NEW."type", NEW."updated_at", NEW."upstream_seen_at", NEW."upstream_state"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_c200e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userroleevent" ("group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."group_id", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."user_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_c3ed3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_sourceevent" ("base_url", "company_id", "created_at", "enabled", "id", "interval_minutes", "kind", "name", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at") VALUES (NEW."base_url", NEW."company_id", NEW."created_at", NEW."enabled", NEW."id", NEW."interval_minutes", NEW."kind", NEW."name", NEW."options", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."updated_at"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_ce914() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_invoiceuseevent" ("amount", "bill_id", "contested", "deductible", "entry_id", "id", "input_tax", "invoice_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picked_at", "picked_by_id", "released_at", "released_by_id", "released_with_bill", "shared", "state", "transfer_out_reason") VALUES (NEW."amount", NEW."bill_id", NEW."contested", NEW."deductible", NEW."entry_id", NEW."id", NEW."input_tax", NEW."invoice_id", NEW."override_reason", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."picked_at", NEW."picked_by_id", NEW."released_at", NEW."released_by_id", NEW."released_with_bill", NEW."shared", NEW."state", NEW."transfer_out_reason"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_db731() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherevent" ("account_date", "account_item", "account_item_amount", "attachments_count", "book_id", "booked_by_id", "business_date", "created_at", "created_by_id", "creator", "examiner", "id", "item", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource", "reviewer", "revision", "state", "sup_information", "sup_information_amount", "total_credit", "total_debit", "type", "vouch_id", "vouch_no") VALUES (NEW."account_date", NEW."account_item", NEW."account_item_amount", NEW."attachments_count", NEW."book_id", NEW."booked_by_id", NEW."business_date", NEW."created_at", NEW."created_by_id", NEW."creator", NEW."examiner", NEW."id", NEW."item", NEW."period", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."resource", NEW."reviewer", NEW."revision", NEW."state", NEW."sup_information", NEW."sup_information_amount", NEW."total_credit", NEW."total_debit", NEW."type", NEW."vouch_id", NEW."vouch_no"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_e0309() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherinvoiceevent" ("deductible", "deduction_tax", "id", "invoice_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transfer_out_remark", "voucher_id") VALUES (NEW."deductible", NEW."deduction_tax", NEW."id", NEW."invoice_id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."transfer_out_remark", NEW."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_e3753() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_closedperiodevent" ("book_id", "closed_at", "closed_by_id", "id", "period", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."book_id", NEW."closed_at", NEW."closed_by_id", NEW."id", NEW."period", _pgh_attach_context(), NOW(), 'insert'); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_e3ed5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "duplicates_rulesettingevent" ("code", "company_id", "enabled", "id", "parameters", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."company_id", NEW."enabled", NEW."id", NEW."parameters", _pgh_attach_context(), NOW(), 'insert', NEW."id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_e88f5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_redfindingevent" ("acknowledged_at", "acknowledged_by_id", "id", "invoice_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "state", "status") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."id", NEW."invoice_id", NEW."note", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."raised_at", NEW."state", NEW."status"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_e8d2b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_holdpolicyevent" ("bill_type", "company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_by_amount") VALUES (NEW."bill_type", NEW."company_id", NEW."id", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."share_by_amount"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_insert_insert_f9bb1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_companyevent" ("former_names", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "small_scale", "tax_no") VALUES (NEW."former_names", NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."small_scale", NEW."tax_no"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_stamp_changed_at_82ecf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    NEW.changed_at = clock_timestamp(); RETURN NEW;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_stamp_updated_at_573a7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    NEW.updated_at = clock_timestamp(); RETURN NEW;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_01d65() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_holdpolicyevent" ("bill_type", "company_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "share_by_amount") VALUES (NEW."bill_type", NEW."company_id", NEW."id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."share_by_amount"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_0964d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_invoiceuseevent" ("amount", "bill_id", "contested", "deductible", "entry_id", "id", "input_tax", "invoice_id", "override_reason", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picked_at", "picked_by_id", "released_at", "released_by_id", "released_with_bill", "shared", "state", "transfer_out_reason") VALUES (NEW."amount", NEW."bill_id", NEW."contested", NEW."deductible", NEW."entry_id", NEW."id", NEW."input_tax", NEW."invoice_id", NEW."override_reason", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."picked_at", NEW."picked_by_id", NEW."released_at", NEW."released_by_id", NEW."released_with_bill", NEW."shared", NEW."state", NEW."transfer_out_reason"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_0e890() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sees_all_companies", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."sees_all_companies", NEW."username"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_251d3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_complianceoverrideevent" ("bill_id", "check_code", "id", "invoice_id", "made_at", "made_by_id", "message", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "signature", "taken_back_at", "taken_back_by_id") VALUES (NEW."bill_id", NEW."check_code", NEW."id", NEW."invoice_id", NEW."made_at", NEW."made_by_id", NEW."message", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."reason", NEW."signature", NEW."taken_back_at", NEW."taken_back_by_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_256e9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "duplicates_rulesettingevent" ("code", "company_id", "enabled", "id", "parameters", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."code", NEW."company_id", NEW."enabled", NEW."id", NEW."parameters", _pgh_attach_context(), NOW(), 'update', NEW."id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_25cdc() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_accountmappingevent" ("book_id", "cost_type", "credit_subject", "debit_subject", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tax_subject") VALUES (NEW."book_id", NEW."cost_type", NEW."credit_subject", NEW."debit_subject", NEW."id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."tax_subject"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_4c712() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherentryevent" ("account_dimension", "amount", "credit", "currency", "debit", "due_date", "exchange_rate", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "price", "quantity", "subject", "summary", "unit", "voucher_id") VALUES (NEW."account_dimension", NEW."amount", NEW."credit", NEW."currency", NEW."debit", NEW."due_date", NEW."exchange_rate", NEW."id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."position", NEW."price", NEW."quantity", NEW."subject", NEW."summary", NEW."unit", NEW."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_53fd6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "outbox_pushdecision" ("comment", "decided_at", "decided_by_id", "in_doubt", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "state") VALUES (NEW."comment", NEW."decided_at", NEW."decided_by_id", NEW."in_doubt", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."reason", NEW."state"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_769de() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_billevent" ("amount", "approved_at", "bill_date", "booked_at", "bxd_key", "company_id", "created_at", "created_by_id", "currency", "department", "employee", "id", "number", "origin", "payee", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "state", "submitted_at", "title", "type", "updated_at", "upstream_seen_at", "upstream_state") VALUES (NEW."amount", NEW."approved_at", NEW."bill_date", NEW."booked_at", NEW."bxd_key", NEW."company_id", NEW."created_at", NEW."created_by_id", NEW."currency", NEW."department", NEW."employee", NEW."id", NEW."number", NEW."origin", NEW."payee", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."source_id", NEW."state", NEW."submitted_at", NEW."title", NEW."type", NEW."updated_at", NEW."upstream_seen_at", NEW."upstream_state"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_878f0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_billentryevent" ("amount", "bill_id", "branch_id", "cost_type", "description", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "spent_on") VALUES (NEW."amount", NEW."bill_id", NEW."branch_id", NEW."cost_type", NEW."description", NEW."id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."position", NEW."spent_on"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_8b98e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherinvoiceevent" ("deductible", "deduction_tax", "id", "invoice_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transfer_out_remark", "voucher_id") VALUES (NEW."deductible", NEW."deduction_tax", NEW."id", NEW."invoice_id", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."transfer_out_remark", NEW."voucher_id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_b3ac4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "bills_checksettingevent" ("bill_type", "check_code", "company_id", "entries", "id", "level", "limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."bill_type", NEW."check_code", NEW."company_id", NEW."entries", NEW."id", NEW."level", NEW."limit", _pgh_attach_context(), NOW(), 'update', NEW."id"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_c2173() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_companyevent" ("former_names", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "small_scale", "tax_no") VALUES (NEW."former_names", NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."small_scale", NEW."tax_no"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_c2d61() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_accountbookevent" ("account_id", "base_currency", "company_id", "company_id_upstream", "company_number", "created_at", "exchange_rate", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_id", "subject", "system", "type") VALUES (NEW."account_id", NEW."base_currency", NEW."company_id", NEW."company_id_upstream", NEW."company_number", NEW."created_at", NEW."exchange_rate", NEW."id", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."source_id", NEW."subject", NEW."system", NEW."type"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_dc2a6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_redfindingevent" ("acknowledged_at", "acknowledged_by_id", "id", "invoice_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "state", "status") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."id", NEW."invoice_id", NEW."note", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."raised_at", NEW."state", NEW."status"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_e6185() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "sources_sourceevent" ("base_url", "company_id", "created_at", "enabled", "id", "interval_minutes", "kind", "name", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at") VALUES (NEW."base_url", NEW."company_id", NEW."created_at", NEW."enabled", NEW."id", NEW."interval_minutes", NEW."kind", NEW."name", NEW."options", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."updated_at"); RETURN NULL;
                END;
            $$;
CREATE FUNCTION public.pgtrigger_update_update_ef7e1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "vouchers_voucherevent" ("account_date", "account_item", "account_item_amount", "attachments_count", "book_id", "booked_by_id", "business_date", "created_at", "created_by_id", "creator", "examiner", "id", "item", "period", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resource", "reviewer", "revision", "state", "sup_information", "sup_information_amount", "total_credit", "total_debit", "type", "vouch_id", "vouch_no") VALUES (NEW."account_date", NEW."account_item", NEW."account_item_amount", NEW."attachments_count", NEW."book_id", NEW."booked_by_id", NEW."business_date", NEW."created_at", NEW."created_by_id", NEW."creator", NEW."examiner", NEW."id", NEW."item", NEW."period", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."resource", NEW."reviewer", NEW."revision", NEW."state", NEW."sup_information", NEW."sup_information_amount", NEW."total_credit", NEW."total_debit", NEW."type", NEW."vouch_id", NEW."vouch_no"); RETURN NULL;
                END;
            $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.account_emailaddress_id_seq);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.account_emailconfirmation_id_seq);
CREATE TABLE public.accounts_company (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    tax_no character varying(30) NOT NULL,
    former_names character varying(200)[] NOT NULL,
    small_scale boolean NOT NULL
);
ALTER TABLE public.accounts_company ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_company_id_seq);
CREATE TABLE public.accounts_companyevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    tax_no character varying(30) NOT NULL,
    former_names character varying(200)[] NOT NULL,
    small_scale boolean NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.accounts_companyevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_companyevent_pgh_id_seq);
CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    sees_all_companies boolean NOT NULL
);
CREATE TABLE public.accounts_user_companies (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    company_id bigint NOT NULL
);
ALTER TABLE public.accounts_user_companies ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_user_companies_id_seq);
CREATE TABLE public.accounts_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.accounts_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_user_groups_id_seq);
ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_user_id_seq);
CREATE TABLE public.accounts_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.accounts_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_user_user_permissions_id_seq);
CREATE TABLE public.accounts_usercompanyevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    company_id bigint NOT NULL,
    pgh_context_id uuid,
    user_id bigint NOT NULL
);
ALTER TABLE public.accounts_usercompanyevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_usercompanyevent_pgh_id_seq);
CREATE TABLE public.accounts_userevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    sees_all_companies boolean NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.accounts_userevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_userevent_pgh_id_seq);
CREATE TABLE public.accounts_userroleevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    group_id integer NOT NULL,
    pgh_context_id uuid,
    user_id bigint NOT NULL
);
ALTER TABLE public.accounts_userroleevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.accounts_userroleevent_pgh_id_seq);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.auth_group_id_seq);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.auth_group_permissions_id_seq);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.auth_permission_id_seq);
CREATE TABLE public.axes_accessattempt (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);
ALTER TABLE public.axes_accessattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.axes_accessattempt_id_seq);
CREATE TABLE public.axes_accessattemptexpiration (
    access_attempt_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.axes_accessfailurelog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL
);
ALTER TABLE public.axes_accessfailurelog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.axes_accessfailurelog_id_seq);
CREATE TABLE public.axes_accesslog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL
);
ALTER TABLE public.axes_accesslog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.axes_accesslog_id_seq);
CREATE TABLE public.bills_assistantmessage (
    id bigint NOT NULL,
    msg_id character varying(200) NOT NULL,
    type character varying(40) NOT NULL,
    bill_number character varying(100) NOT NULL,
    bxd_key character varying(100) NOT NULL,
    payload text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    receipted_at timestamp with time zone,
    state character varying(10) NOT NULL,
    outcome jsonb,
    refused jsonb NOT NULL,
    attempts integer NOT NULL,
    retry_at timestamp with time zone,
    applied_at timestamp with time zone,
    bill_id bigint,
    source_id bigint NOT NULL,
    session_id bigint,
    taken_off bigint[] NOT NULL,
    CONSTRAINT bills_assistantmessage_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE public.bills_assistantmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_assistantmessage_id_seq);
CREATE TABLE public.bills_assistantsession (
    id bigint NOT NULL,
    serial character varying(150) NOT NULL,
    link_key text NOT NULL,
    user_key text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    polled_at timestamp with time zone,
    listener character varying(100) NOT NULL,
    listened_until timestamp with time zone,
    trouble jsonb,
    bill_id bigint,
    entry_id bigint,
    opened_by_id bigint,
    source_id bigint NOT NULL,
    shown bigint[] NOT NULL
);
ALTER TABLE public.bills_assistantsession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_assistantsession_id_seq);
CREATE TABLE public.bills_bill (
    id bigint NOT NULL,
    origin character varying(10) NOT NULL,
    number character varying(100) NOT NULL,
    bxd_key character varying(100) NOT NULL,
    type character varying(20) NOT NULL,
    title character varying(300) NOT NULL,
    employee character varying(100) NOT NULL,
    department character varying(200) NOT NULL,
    payee character varying(300) NOT NULL,
    currency character varying(3) NOT NULL,
    bill_date date,
    amount numeric(18,2),
    state character varying(10) NOT NULL,
    upstream_state character varying(60) NOT NULL,
    upstream_seen_at timestamp with time zone,
    submitted_at timestamp with time zone,
    approved_at timestamp with time zone,
    booked_at timestamp with time zone,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    created_by_id bigint,
    source_id bigint,
    CONSTRAINT bills_bill_revision_check CHECK ((revision >= 0)),
    CONSTRAINT upstream_bill_has_source CHECK ((((origin)::text = 'own'::text) OR (source_id IS NOT NULL)))
);
ALTER TABLE public.bills_bill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_bill_id_seq);
CREATE TABLE public.bills_billcover (
    id bigint NOT NULL,
    file character varying(100) NOT NULL,
    file_type character varying(10) NOT NULL,
    number character varying(100) NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    bill_id bigint NOT NULL,
    uploaded_by_id bigint
);
ALTER TABLE public.bills_billcover ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_billcover_id_seq);
CREATE TABLE public.bills_billentry (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    branch_id character varying(100) NOT NULL,
    cost_type character varying(100) NOT NULL,
    description character varying(300) NOT NULL,
    spent_on date,
    amount numeric(18,2),
    bill_id bigint NOT NULL,
    CONSTRAINT bills_billentry_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.bills_billentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_billentry_id_seq);
CREATE TABLE public.bills_billentryevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    "position" integer NOT NULL,
    branch_id character varying(100) NOT NULL,
    cost_type character varying(100) NOT NULL,
    description character varying(300) NOT NULL,
    spent_on date,
    amount numeric(18,2),
    bill_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT bills_billentryevent_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.bills_billentryevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_billentryevent_pgh_id_seq);
CREATE TABLE public.bills_billevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    origin character varying(10) NOT NULL,
    number character varying(100) NOT NULL,
    bxd_key character varying(100) NOT NULL,
    type character varying(20) NOT NULL,
    title character varying(300) NOT NULL,
    employee character varying(100) NOT NULL,
    department character varying(200) NOT NULL,
    payee character varying(300) NOT NULL,
    currency character varying(3) NOT NULL,
    bill_date date,
    amount numeric(18,2),
    state character varying(10) NOT NULL,
    upstream_state character varying(60) NOT NULL,
    upstream_seen_at timestamp with time zone,
    submitted_at timestamp with time zone,
    approved_at timestamp with time zone,
    booked_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    created_by_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    source_id bigint
);
ALTER TABLE public.bills_billevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_billevent_pgh_id_seq);
CREATE TABLE public.bills_billstep (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    action character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    message jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    bill_id bigint NOT NULL,
    user_id bigint
);
ALTER TABLE public.bills_billstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_billstep_id_seq);
CREATE TABLE public.bills_checksetting (
    id bigint NOT NULL,
    check_code character varying(30) NOT NULL,
    bill_type character varying(20) NOT NULL,
    level character varying(10) NOT NULL,
    "limit" integer,
    entries character varying(200)[] NOT NULL,
    company_id bigint,
    CONSTRAINT bills_checksetting_limit_check CHECK (("limit" >= 0))
);
ALTER TABLE public.bills_checksetting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_checksetting_id_seq);
CREATE TABLE public.bills_checksettingevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    check_code character varying(30) NOT NULL,
    bill_type character varying(20) NOT NULL,
    level character varying(10) NOT NULL,
    "limit" integer,
    entries character varying(200)[] NOT NULL,
    company_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT bills_checksettingevent_limit_check CHECK (("limit" >= 0))
);
ALTER TABLE public.bills_checksettingevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_checksettingevent_pgh_id_seq);
CREATE TABLE public.bills_complianceoverride (
    id bigint NOT NULL,
    check_code character varying(30) NOT NULL,
    signature character varying(64) NOT NULL,
    message jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    bill_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    made_by_id bigint,
    taken_back_by_id bigint
);
ALTER TABLE public.bills_complianceoverride ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_complianceoverride_id_seq);
CREATE TABLE public.bills_complianceoverrideevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    check_code character varying(30) NOT NULL,
    signature character varying(64) NOT NULL,
    message jsonb NOT NULL,
    reason character varying(300) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    bill_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    made_by_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    taken_back_by_id bigint
);
ALTER TABLE public.bills_complianceoverrideevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_complianceoverrideevent_pgh_id_seq);
CREATE TABLE public.bills_holdpolicy (
    id bigint NOT NULL,
    bill_type character varying(20) NOT NULL,
    share_by_amount boolean NOT NULL,
    company_id bigint
);
ALTER TABLE public.bills_holdpolicy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_holdpolicy_id_seq);
CREATE TABLE public.bills_holdpolicyevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    bill_type character varying(20) NOT NULL,
    share_by_amount boolean NOT NULL,
    company_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.bills_holdpolicyevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_holdpolicyevent_pgh_id_seq);
CREATE TABLE public.bills_invoiceuse (
    id bigint NOT NULL,
    amount numeric(18,2),
    deductible boolean,
    input_tax numeric(18,2),
    transfer_out_reason character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    shared boolean NOT NULL,
    contested boolean NOT NULL,
    picked_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    released_with_bill boolean NOT NULL,
    override_reason character varying(300) NOT NULL,
    bill_id bigint NOT NULL,
    entry_id bigint,
    invoice_id bigint NOT NULL,
    picked_by_id bigint,
    released_by_id bigint
);
ALTER TABLE public.bills_invoiceuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_invoiceuse_id_seq);
CREATE TABLE public.bills_invoiceuseevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    amount numeric(18,2),
    deductible boolean,
    input_tax numeric(18,2),
    transfer_out_reason character varying(200) NOT NULL,
    state character varying(10) NOT NULL,
    shared boolean NOT NULL,
    contested boolean NOT NULL,
    picked_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    released_with_bill boolean NOT NULL,
    override_reason character varying(300) NOT NULL,
    bill_id bigint NOT NULL,
    entry_id bigint,
    invoice_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    picked_by_id bigint,
    released_by_id bigint
);
ALTER TABLE public.bills_invoiceuseevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_invoiceuseevent_pgh_id_seq);
CREATE TABLE public.bills_upstreamlisting (
    id bigint NOT NULL,
    number character varying(100) NOT NULL,
    external_id character varying(200) NOT NULL,
    expense_status character varying(10) NOT NULL,
    person character varying(100) NOT NULL,
    department character varying(200) NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    invoice_id bigint NOT NULL,
    source_id bigint NOT NULL
);
ALTER TABLE public.bills_upstreamlisting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.bills_upstreamlisting_id_seq);
CREATE TABLE public.bills_upstreamposition (
    source_id bigint NOT NULL,
    changed_at timestamp with time zone,
    invoice_id bigint NOT NULL
);
CREATE TABLE public.core_keptreply (
    id bigint NOT NULL,
    key character varying(200) NOT NULL,
    request_digest character varying(64) NOT NULL,
    status smallint NOT NULL,
    body jsonb,
    created_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT core_keptreply_status_check CHECK ((status >= 0))
);
ALTER TABLE public.core_keptreply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.core_keptreply_id_seq);
CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.django_admin_log_id_seq);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.django_content_type_id_seq);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.django_migrations_id_seq);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.duplicates_case (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    tier character varying(10) NOT NULL,
    score numeric(4,3) NOT NULL,
    state character varying(10) NOT NULL,
    signature character varying(64) NOT NULL,
    rule_version integer NOT NULL,
    company_ids bigint[] NOT NULL,
    total_amount numeric(18,2),
    revision integer NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    assigned_to_id bigint,
    decided_by_id bigint,
    survivor_id bigint,
    CONSTRAINT duplicates_case_revision_check CHECK ((revision >= 0)),
    CONSTRAINT duplicates_case_rule_version_check CHECK ((rule_version >= 0))
);
ALTER TABLE public.duplicates_case ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_case_id_seq);
CREATE TABLE public.duplicates_casemember (
    id bigint NOT NULL,
    key character varying(260) NOT NULL,
    case_id bigint NOT NULL,
    invoice_id bigint NOT NULL
);
ALTER TABLE public.duplicates_casemember ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_casemember_id_seq);
CREATE TABLE public.duplicates_claim (
    id bigint NOT NULL,
    external_id character varying(200) NOT NULL,
    person character varying(100) NOT NULL,
    department character varying(100) NOT NULL,
    bill_number character varying(100) NOT NULL,
    entered_at character varying(30) NOT NULL,
    deleted boolean NOT NULL,
    case_id bigint NOT NULL,
    source_id bigint
);
ALTER TABLE public.duplicates_claim ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_claim_id_seq);
CREATE TABLE public.duplicates_decision (
    id bigint NOT NULL,
    action character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    text character varying(500) NOT NULL,
    journal jsonb NOT NULL,
    batch uuid,
    rule_version integer NOT NULL,
    undone_at timestamp with time zone,
    case_id bigint NOT NULL,
    undone_by_id bigint,
    user_id bigint,
    CONSTRAINT duplicates_decision_rule_version_check CHECK ((rule_version >= 0))
);
ALTER TABLE public.duplicates_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_decision_id_seq);
CREATE TABLE public.duplicates_notduplicate (
    id bigint NOT NULL,
    left_key character varying(260) NOT NULL,
    right_key character varying(260) NOT NULL,
    case_id bigint NOT NULL
);
ALTER TABLE public.duplicates_notduplicate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_notduplicate_id_seq);
CREATE TABLE public.duplicates_pair (
    id bigint NOT NULL,
    rules character varying(30)[] NOT NULL,
    fields jsonb NOT NULL,
    tier character varying(10) NOT NULL,
    score numeric(4,3) NOT NULL,
    ambiguous boolean NOT NULL,
    case_id bigint NOT NULL,
    left_id bigint NOT NULL,
    right_id bigint NOT NULL
);
ALTER TABLE public.duplicates_pair ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_pair_id_seq);
CREATE TABLE public.duplicates_rulesetting (
    id bigint NOT NULL,
    code character varying(30) NOT NULL,
    enabled boolean NOT NULL,
    parameters jsonb NOT NULL,
    company_id bigint
);
ALTER TABLE public.duplicates_rulesetting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_rulesetting_id_seq);
CREATE TABLE public.duplicates_rulesettingevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    code character varying(30) NOT NULL,
    enabled boolean NOT NULL,
    parameters jsonb NOT NULL,
    company_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.duplicates_rulesettingevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_rulesettingevent_pgh_id_seq);
CREATE TABLE public.duplicates_search (
    id bigint NOT NULL,
    scope character varying(10) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    looked_at integer NOT NULL,
    judged integer NOT NULL,
    opened integer NOT NULL,
    closed integer NOT NULL,
    rule_version integer NOT NULL,
    watermark_at timestamp with time zone,
    watermark_id bigint NOT NULL,
    error character varying(500) NOT NULL,
    CONSTRAINT duplicates_search_closed_check CHECK ((closed >= 0)),
    CONSTRAINT duplicates_search_judged_check CHECK ((judged >= 0)),
    CONSTRAINT duplicates_search_looked_at_check CHECK ((looked_at >= 0)),
    CONSTRAINT duplicates_search_opened_check CHECK ((opened >= 0)),
    CONSTRAINT duplicates_search_rule_version_check CHECK ((rule_version >= 0))
);
ALTER TABLE public.duplicates_search ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.duplicates_search_id_seq);
CREATE TABLE public.invoices_alias (
    id bigint NOT NULL,
    key character varying(260) NOT NULL,
    invoice_id bigint NOT NULL
);
ALTER TABLE public.invoices_alias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_alias_id_seq);
CREATE TABLE public.invoices_fieldconflict (
    id bigint NOT NULL,
    field character varying(100) NOT NULL,
    claims jsonb NOT NULL,
    state character varying(8) NOT NULL,
    chosen character varying(300),
    reason character varying(300) NOT NULL,
    settled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    settled_by_id bigint,
    invoice_id bigint NOT NULL
);
ALTER TABLE public.invoices_fieldconflict ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_fieldconflict_id_seq);
CREATE TABLE public.invoices_invoice (
    id bigint NOT NULL,
    key character varying(260) NOT NULL,
    identity_version smallint NOT NULL,
    kind character varying(30) NOT NULL,
    direction character varying(6) NOT NULL,
    code character varying(40) NOT NULL,
    number character varying(40) NOT NULL,
    digital_number character varying(40) NOT NULL,
    check_code character varying(40) NOT NULL,
    issue_date date,
    currency character varying(3) NOT NULL,
    amount_excl_tax numeric(18,2),
    tax_amount numeric(18,2),
    total_amount numeric(18,2),
    status character varying(12) NOT NULL,
    verification character varying(10) NOT NULL,
    expense_status character varying(10) NOT NULL,
    deduction_status character varying(14) NOT NULL,
    deduction_period character varying(6) NOT NULL,
    deductible_tax numeric(18,2),
    remark text NOT NULL,
    travel jsonb,
    flags character varying(40)[] NOT NULL,
    company_ids bigint[] NOT NULL,
    source_ids bigint[] NOT NULL,
    deleted boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    merged_into_id bigint,
    buyer_id bigint,
    seller_id bigint,
    CONSTRAINT invoices_invoice_identity_version_check CHECK ((identity_version >= 0))
);
ALTER TABLE public.invoices_invoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_invoice_id_seq);
CREATE TABLE public.invoices_invoiceline (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    name character varying(300) NOT NULL,
    spec character varying(300) NOT NULL,
    unit character varying(100) NOT NULL,
    quantity numeric(28,10),
    unit_price numeric(28,10),
    amount numeric(18,2),
    tax_rate numeric(8,6),
    tax_amount numeric(18,2),
    goods_code character varying(40) NOT NULL,
    invoice_id bigint NOT NULL,
    CONSTRAINT invoices_invoiceline_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.invoices_invoiceline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_invoiceline_id_seq);
CREATE TABLE public.invoices_party (
    id bigint NOT NULL,
    name character varying(300) NOT NULL,
    tax_no character varying(30) NOT NULL,
    folded character varying(300) GENERATED ALWAYS AS (regexp_replace(translate(lower((name)::text), '（）()【】[]《》 　·.,，。-—_'::text, ''::text), '(股份)?有限(责任)?公司'::text, ''::text, 'g'::text)) STORED
);
ALTER TABLE public.invoices_party ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_party_id_seq);
CREATE TABLE public.invoices_samedocument (
    id bigint NOT NULL,
    key character varying(260) NOT NULL,
    survivor_key character varying(260) NOT NULL,
    said_at timestamp with time zone NOT NULL,
    said_by_id bigint
);
ALTER TABLE public.invoices_samedocument ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_samedocument_id_seq);
CREATE TABLE public.invoices_sighting (
    id bigint NOT NULL,
    external_id character varying(200) NOT NULL,
    record text NOT NULL,
    keys character varying(260)[] NOT NULL,
    identity_version smallint NOT NULL,
    deleted boolean NOT NULL,
    changed_at timestamp with time zone,
    first_seen_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    invoice_id bigint NOT NULL,
    raw_id bigint NOT NULL,
    source_id bigint NOT NULL,
    CONSTRAINT invoices_sighting_identity_version_check CHECK ((identity_version >= 0))
);
ALTER TABLE public.invoices_sighting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_sighting_id_seq);
CREATE TABLE public.invoices_standing (
    id bigint NOT NULL,
    said_by character varying(20) NOT NULL,
    expense_status character varying(10) NOT NULL,
    invoice_id bigint NOT NULL
);
ALTER TABLE public.invoices_standing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.invoices_standing_id_seq);
CREATE TABLE public.knox_authtoken (
    digest character varying(128) NOT NULL,
    created timestamp with time zone NOT NULL,
    user_id bigint NOT NULL,
    expiry timestamp with time zone,
    token_key character varying(25) NOT NULL
);
CREATE TABLE public.mfa_authenticator (
    id bigint NOT NULL,
    type character varying(20) NOT NULL,
    data jsonb NOT NULL,
    user_id bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
ALTER TABLE public.mfa_authenticator ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.mfa_authenticator_id_seq);
CREATE TABLE public.outbox_push (
    id bigint NOT NULL,
    kind character varying(20) NOT NULL,
    subject character varying(60) NOT NULL,
    lanes character varying(60)[] NOT NULL,
    label character varying(200) NOT NULL,
    revision integer NOT NULL,
    payload text NOT NULL,
    key character varying(64) NOT NULL,
    state character varying(12) NOT NULL,
    reason character varying(15) NOT NULL,
    error jsonb,
    error_code character varying(60) NOT NULL,
    in_doubt boolean NOT NULL,
    holds_source boolean NOT NULL,
    failures integer NOT NULL,
    first_failed_at timestamp with time zone,
    retry_at timestamp with time zone,
    lease_until timestamp with time zone,
    queued_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    comment character varying(300) NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    queued_by_id bigint,
    decided_by_id bigint,
    source_id bigint NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT outbox_push_failures_check CHECK ((failures >= 0)),
    CONSTRAINT outbox_push_revision_check CHECK ((revision >= 0)),
    CONSTRAINT sending_has_lease CHECK ((((lease_until IS NOT NULL) AND ((state)::text = 'sending'::text)) OR ((NOT ((state)::text = 'sending'::text)) AND (lease_until IS NULL)))),
    CONSTRAINT stopped_push_says_why CHECK (((NOT ((state)::text = ANY ((ARRAY['needs_person'::character varying, 'cancelled'::character varying])::text[]))) OR (NOT ((reason)::text = ''::text))))
);
ALTER TABLE public.outbox_push ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.outbox_push_id_seq);
CREATE TABLE public.outbox_pushattempt (
    id bigint NOT NULL,
    number integer NOT NULL,
    question boolean NOT NULL,
    worker character varying(100) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome character varying(15) NOT NULL,
    error jsonb,
    request text NOT NULL,
    http_status integer,
    reply text NOT NULL,
    push_id bigint NOT NULL,
    CONSTRAINT outbox_pushattempt_http_status_check CHECK ((http_status >= 0)),
    CONSTRAINT outbox_pushattempt_number_check CHECK ((number >= 0))
);
ALTER TABLE public.outbox_pushattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.outbox_pushattempt_id_seq);
CREATE TABLE public.outbox_pushdecision (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    state character varying(12) NOT NULL,
    reason character varying(15) NOT NULL,
    in_doubt boolean NOT NULL,
    decided_at timestamp with time zone,
    comment character varying(300) NOT NULL,
    decided_by_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.outbox_pushdecision ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.outbox_pushdecision_pgh_id_seq);
CREATE TABLE public.pghistory_context (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    metadata jsonb NOT NULL
);
CREATE TABLE public.sources_cursor (
    id bigint NOT NULL,
    stream character varying(100) NOT NULL,
    "position" jsonb NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    source_id bigint NOT NULL
);
ALTER TABLE public.sources_cursor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_cursor_id_seq);
CREATE TABLE public.sources_quarantinedrecord (
    id bigint NOT NULL,
    external_id character varying(200) NOT NULL,
    reason jsonb NOT NULL,
    reason_code character varying(60) NOT NULL,
    state character varying(10) NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    comment character varying(300) NOT NULL,
    settled_by_id bigint,
    raw_id bigint NOT NULL,
    source_id bigint NOT NULL,
    CONSTRAINT sources_quarantinedrecord_attempts_check CHECK ((attempts >= 0))
);
ALTER TABLE public.sources_quarantinedrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_quarantinedrecord_id_seq);
CREATE TABLE public.sources_rawrecord (
    id bigint NOT NULL,
    stream character varying(100) NOT NULL,
    external_id character varying(200) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    parsed boolean NOT NULL,
    payload text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    source_id bigint NOT NULL,
    run_id bigint
);
ALTER TABLE public.sources_rawrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_rawrecord_id_seq);
CREATE TABLE public.sources_source (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    kind character varying(20) NOT NULL,
    base_url character varying(500) NOT NULL,
    credentials text NOT NULL,
    options jsonb NOT NULL,
    enabled boolean NOT NULL,
    interval_minutes integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    CONSTRAINT sources_source_interval_minutes_check CHECK ((interval_minutes >= 0))
);
ALTER TABLE public.sources_source ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_source_id_seq);
CREATE TABLE public.sources_sourceevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    kind character varying(20) NOT NULL,
    base_url character varying(500) NOT NULL,
    options jsonb NOT NULL,
    enabled boolean NOT NULL,
    interval_minutes integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT sources_sourceevent_interval_minutes_check CHECK ((interval_minutes >= 0))
);
ALTER TABLE public.sources_sourceevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_sourceevent_pgh_id_seq);
CREATE TABLE public.sources_sourcestate (
    source_id bigint NOT NULL,
    next_due_at timestamp with time zone,
    next_request_at timestamp with time zone,
    last_timestamp bigint NOT NULL,
    token text NOT NULL,
    token_expires_at timestamp with time zone
);
CREATE TABLE public.sources_syncrun (
    id bigint NOT NULL,
    trigger character varying(10) NOT NULL,
    status character varying(12) NOT NULL,
    queued_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    heartbeat_at timestamp with time zone,
    finished_at timestamp with time zone,
    worker character varying(100) NOT NULL,
    cancel_requested_at timestamp with time zone,
    pages integer NOT NULL,
    received integer NOT NULL,
    created integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    quarantined integer NOT NULL,
    tombstoned integer NOT NULL,
    charged integer NOT NULL,
    progress character varying(200) NOT NULL,
    backlog boolean NOT NULL,
    error jsonb,
    error_intent character varying(20) NOT NULL,
    notes jsonb NOT NULL,
    requested_by_id bigint,
    source_id bigint NOT NULL,
    CONSTRAINT nothing_received_is_lost CHECK ((received = (((created + changed) + unchanged) + quarantined))),
    CONSTRAINT sources_syncrun_changed_check CHECK ((changed >= 0)),
    CONSTRAINT sources_syncrun_charged_check CHECK ((charged >= 0)),
    CONSTRAINT sources_syncrun_created_check CHECK ((created >= 0)),
    CONSTRAINT sources_syncrun_pages_check CHECK ((pages >= 0)),
    CONSTRAINT sources_syncrun_quarantined_check CHECK ((quarantined >= 0)),
    CONSTRAINT sources_syncrun_received_check CHECK ((received >= 0)),
    CONSTRAINT sources_syncrun_tombstoned_check CHECK ((tombstoned >= 0)),
    CONSTRAINT sources_syncrun_unchanged_check CHECK ((unchanged >= 0))
);
ALTER TABLE public.sources_syncrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.sources_syncrun_id_seq);
CREATE TABLE public.vouchers_accountbook (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    account_id character varying(100) NOT NULL,
    system character varying(100) NOT NULL,
    type character varying(100) NOT NULL,
    subject character varying(100) NOT NULL,
    base_currency character varying(3) NOT NULL,
    exchange_rate character varying(100) NOT NULL,
    company_id_upstream character varying(100) NOT NULL,
    company_number character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    source_id bigint
);
ALTER TABLE public.vouchers_accountbook ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_accountbook_id_seq);
CREATE TABLE public.vouchers_accountbookevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    account_id character varying(100) NOT NULL,
    system character varying(100) NOT NULL,
    type character varying(100) NOT NULL,
    subject character varying(100) NOT NULL,
    base_currency character varying(3) NOT NULL,
    exchange_rate character varying(100) NOT NULL,
    company_id_upstream character varying(100) NOT NULL,
    company_number character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    company_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    source_id bigint
);
ALTER TABLE public.vouchers_accountbookevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_accountbookevent_pgh_id_seq);
CREATE TABLE public.vouchers_accountmapping (
    id bigint NOT NULL,
    cost_type character varying(200) NOT NULL,
    debit_subject character varying(200) NOT NULL,
    tax_subject character varying(200) NOT NULL,
    credit_subject character varying(200) NOT NULL,
    book_id bigint NOT NULL
);
ALTER TABLE public.vouchers_accountmapping ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_accountmapping_id_seq);
CREATE TABLE public.vouchers_accountmappingevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    cost_type character varying(200) NOT NULL,
    debit_subject character varying(200) NOT NULL,
    tax_subject character varying(200) NOT NULL,
    credit_subject character varying(200) NOT NULL,
    book_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.vouchers_accountmappingevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_accountmappingevent_pgh_id_seq);
CREATE TABLE public.vouchers_alarmwatermark (
    id bigint NOT NULL,
    looked_to timestamp with time zone
);
ALTER TABLE public.vouchers_alarmwatermark ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_alarmwatermark_id_seq);
CREATE TABLE public.vouchers_closedperiod (
    id bigint NOT NULL,
    period character varying(6) NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    book_id bigint NOT NULL,
    closed_by_id bigint
);
ALTER TABLE public.vouchers_closedperiod ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_closedperiod_id_seq);
CREATE TABLE public.vouchers_closedperiodevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    period character varying(6) NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    book_id bigint NOT NULL,
    closed_by_id bigint,
    pgh_context_id uuid
);
ALTER TABLE public.vouchers_closedperiodevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_closedperiodevent_pgh_id_seq);
CREATE TABLE public.vouchers_redfinding (
    id bigint NOT NULL,
    status character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    note character varying(300) NOT NULL,
    acknowledged_by_id bigint,
    invoice_id bigint NOT NULL
);
CREATE TABLE public.vouchers_redfinding_bills (
    id bigint NOT NULL,
    redfinding_id bigint NOT NULL,
    bill_id bigint NOT NULL
);
ALTER TABLE public.vouchers_redfinding_bills ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_redfinding_bills_id_seq);
ALTER TABLE public.vouchers_redfinding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_redfinding_id_seq);
CREATE TABLE public.vouchers_redfinding_people (
    id bigint NOT NULL,
    redfinding_id bigint NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.vouchers_redfinding_people ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_redfinding_people_id_seq);
CREATE TABLE public.vouchers_redfinding_vouchers (
    id bigint NOT NULL,
    redfinding_id bigint NOT NULL,
    voucher_id bigint NOT NULL
);
ALTER TABLE public.vouchers_redfinding_vouchers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_redfinding_vouchers_id_seq);
CREATE TABLE public.vouchers_redfindingevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    status character varying(12) NOT NULL,
    state character varying(12) NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    acknowledged_at timestamp with time zone,
    note character varying(300) NOT NULL,
    acknowledged_by_id bigint,
    invoice_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);
ALTER TABLE public.vouchers_redfindingevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_redfindingevent_pgh_id_seq);
CREATE TABLE public.vouchers_voucher (
    id bigint NOT NULL,
    vouch_id character varying(100) NOT NULL,
    vouch_no character varying(100) NOT NULL,
    business_date date,
    account_date date,
    period character varying(6) NOT NULL,
    type character varying(50) NOT NULL,
    resource character varying(1) NOT NULL,
    sup_information character varying(500) NOT NULL,
    sup_information_amount numeric(18,2),
    creator character varying(100) NOT NULL,
    examiner character varying(100) NOT NULL,
    reviewer character varying(100) NOT NULL,
    attachments_count integer NOT NULL,
    item character varying(200) NOT NULL,
    account_item character varying(200) NOT NULL,
    account_item_amount numeric(18,2),
    state character varying(8) NOT NULL,
    push_state character varying(10) NOT NULL,
    revision integer NOT NULL,
    collected_revision integer,
    ever_sent boolean NOT NULL,
    total_debit numeric(18,2) NOT NULL,
    total_credit numeric(18,2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    book_id bigint NOT NULL,
    booked_by_id bigint,
    created_by_id bigint,
    CONSTRAINT vouchers_voucher_attachments_count_check CHECK ((attachments_count >= 0)),
    CONSTRAINT vouchers_voucher_collected_revision_check CHECK ((collected_revision >= 0)),
    CONSTRAINT vouchers_voucher_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.vouchers_voucher ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucher_id_seq);
CREATE TABLE public.vouchers_voucherbill (
    id bigint NOT NULL,
    bill_id bigint NOT NULL,
    voucher_id bigint NOT NULL
);
ALTER TABLE public.vouchers_voucherbill ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherbill_id_seq);
CREATE TABLE public.vouchers_voucherbillevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    bill_id bigint NOT NULL,
    pgh_context_id uuid,
    voucher_id bigint NOT NULL
);
ALTER TABLE public.vouchers_voucherbillevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherbillevent_pgh_id_seq);
CREATE TABLE public.vouchers_voucherentry (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    summary character varying(300) NOT NULL,
    subject character varying(200) NOT NULL,
    account_dimension character varying(500) NOT NULL,
    debit numeric(18,2) NOT NULL,
    credit numeric(18,2) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(18,2),
    exchange_rate numeric(18,8),
    quantity numeric(28,10),
    unit character varying(50) NOT NULL,
    price numeric(28,10),
    due_date date,
    voucher_id bigint NOT NULL,
    CONSTRAINT vouchers_voucherentry_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.vouchers_voucherentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherentry_id_seq);
CREATE TABLE public.vouchers_voucherentryevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    "position" integer NOT NULL,
    summary character varying(300) NOT NULL,
    subject character varying(200) NOT NULL,
    account_dimension character varying(500) NOT NULL,
    debit numeric(18,2) NOT NULL,
    credit numeric(18,2) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(18,2),
    exchange_rate numeric(18,8),
    quantity numeric(28,10),
    unit character varying(50) NOT NULL,
    price numeric(28,10),
    due_date date,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    voucher_id bigint NOT NULL,
    CONSTRAINT vouchers_voucherentryevent_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.vouchers_voucherentryevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherentryevent_pgh_id_seq);
CREATE TABLE public.vouchers_voucherevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    vouch_id character varying(100) NOT NULL,
    vouch_no character varying(100) NOT NULL,
    business_date date,
    account_date date,
    period character varying(6) NOT NULL,
    type character varying(50) NOT NULL,
    resource character varying(1) NOT NULL,
    sup_information character varying(500) NOT NULL,
    sup_information_amount numeric(18,2),
    creator character varying(100) NOT NULL,
    examiner character varying(100) NOT NULL,
    reviewer character varying(100) NOT NULL,
    attachments_count integer NOT NULL,
    item character varying(200) NOT NULL,
    account_item character varying(200) NOT NULL,
    account_item_amount numeric(18,2),
    state character varying(8) NOT NULL,
    revision integer NOT NULL,
    total_debit numeric(18,2) NOT NULL,
    total_credit numeric(18,2) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    book_id bigint NOT NULL,
    booked_by_id bigint,
    created_by_id bigint,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT vouchers_voucherevent_attachments_count_check CHECK ((attachments_count >= 0)),
    CONSTRAINT vouchers_voucherevent_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.vouchers_voucherevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherevent_pgh_id_seq);
CREATE TABLE public.vouchers_voucherimport (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    content text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.vouchers_voucherimport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherimport_id_seq);
CREATE TABLE public.vouchers_voucherinvoice (
    id bigint NOT NULL,
    deductible boolean NOT NULL,
    deduction_tax numeric(18,2),
    transfer_out_remark character varying(300) NOT NULL,
    invoice_id bigint NOT NULL,
    voucher_id bigint NOT NULL
);
ALTER TABLE public.vouchers_voucherinvoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherinvoice_id_seq);
CREATE TABLE public.vouchers_voucherinvoiceevent (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    deductible boolean NOT NULL,
    deduction_tax numeric(18,2),
    transfer_out_remark character varying(300) NOT NULL,
    invoice_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    voucher_id bigint NOT NULL
);
ALTER TABLE public.vouchers_voucherinvoiceevent ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME public.vouchers_voucherinvoiceevent_pgh_id_seq);
INSERT INTO public.account_emailaddress VALUES
	(1, 'admin@company.example', true, true, 1);
INSERT INTO public.account_emailconfirmation VALUES
	(1, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 'made-up-key', 1);
INSERT INTO public.accounts_company VALUES
	(1, '杭州云杉智能科技股份有限公司', '91330106600000119N', '{杭州云杉软件有限公司}', false),
	(2, '杭州云杉电子商务有限公司', '913301066100001123', '{}', false),
	(3, '甲方有限公司', '913100000000000000', '{甲方旧名}', true),
	(4, '示例公司1', '913100000000000001', '{}', false);
INSERT INTO public.accounts_companyevent VALUES
	(1, '2026-11-28 13:33:35+00', 'insert', 1, '杭州云杉智能科技股份有限公司', '91330106600000119N', '{杭州云杉软件有限公司}', false, NULL, 1),
	(2, '2026-11-28 13:33:35+00', 'insert', 2, '杭州云杉电子商务有限公司', '913301066100001123', '{}', false, NULL, 2),
	(3, '2026-11-28 13:33:51+00', 'insert', 3, '甲方有限公司', '913100000000000000', '{甲方旧名}', false, '1d25f47d-442a-429b-9d46-e6658a21d669', 3),
	(4, '2026-11-28 13:33:53+00', 'update', 3, '甲方有限公司', '913100000000000000', '{甲方旧名}', true, 'b4b33b8d-0327-478c-bc21-01263782f908', 3),
	(5, '2026-11-28 13:33:53+00', 'insert', 4, '示例公司1', '913100000000000001', '{}', false, NULL, 4);
INSERT INTO public.accounts_user VALUES
	(2, '!made-up', NULL, false, 'viewer', '', '', '', false, true, '2026-11-28 13:33:45+00', false),
	(3, '!made-up', NULL, false, 'accountant', '', '', '', false, true, '2026-11-28 13:33:46+00', false),
	(4, '!made-up', NULL, false, 'reviewer', '', '', '', false, true, '2026-11-28 13:33:48+00', false),
	(5, '!made-up', NULL, false, 'finance-manager', '', '', '', false, true, '2026-11-28 13:33:50+00', false),
	(6, '!made-up', NULL, false, 'administrator', '', '', '', false, true, '2026-11-28 13:33:51+00', false),
	(7, '!made-up', NULL, false, '甲方-person', '改', '甲方', '', false, true, '2026-11-28 13:33:52+00', false),
	(8, '!made-up', NULL, false, 'reviewer-2', '', '', '', false, true, '2026-11-28 13:33:54+00', true),
	(1, '!made-up', '2026-11-28 13:33:57+00', true, 'admin', '管', '理', '', true, true, '2026-11-28 13:33:35+00', true);
INSERT INTO public.accounts_user_companies VALUES
	(1, 2, 1),
	(2, 2, 2),
	(3, 3, 1),
	(4, 3, 2),
	(5, 4, 1),
	(6, 4, 2),
	(7, 5, 1),
	(8, 5, 2),
	(9, 6, 1),
	(10, 6, 2),
	(12, 7, 3);
INSERT INTO public.accounts_user_groups VALUES
	(1, 2, 1),
	(2, 3, 2),
	(3, 4, 3),
	(4, 5, 4),
	(5, 6, 5),
	(6, 2, 6);
INSERT INTO public.accounts_user_user_permissions VALUES
	(1, 2, 57),
	(2, 2, 90);
INSERT INTO public.accounts_usercompanyevent VALUES
	(1, '2026-11-28 13:33:45+00', 'insert', 1, 1, NULL, 2),
	(2, '2026-11-28 13:33:45+00', 'insert', 2, 2, NULL, 2),
	(3, '2026-11-28 13:33:46+00', 'insert', 3, 1, NULL, 3),
	(4, '2026-11-28 13:33:46+00', 'insert', 4, 2, NULL, 3),
	(5, '2026-11-28 13:33:48+00', 'insert', 5, 1, NULL, 4),
	(6, '2026-11-28 13:33:48+00', 'insert', 6, 2, NULL, 4),
	(7, '2026-11-28 13:33:50+00', 'insert', 7, 1, NULL, 5),
	(8, '2026-11-28 13:33:50+00', 'insert', 8, 2, NULL, 5),
	(9, '2026-11-28 13:33:51+00', 'insert', 9, 1, NULL, 6),
	(10, '2026-11-28 13:33:51+00', 'insert', 10, 2, NULL, 6),
	(11, '2026-11-28 13:33:52+00', 'insert', 11, 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 7),
	(12, '2026-11-28 13:33:53+00', 'delete', 11, 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 7),
	(13, '2026-11-28 13:33:53+00', 'insert', 12, 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 7);
INSERT INTO public.accounts_userevent VALUES
	(1, '2026-11-28 13:33:35+00', 'insert', 1, true, 'admin', '管', '理', '', true, true, '2026-11-28 13:33:35+00', true, NULL, 1),
	(2, '2026-11-28 13:33:45+00', 'insert', 2, false, 'viewer', '', '', '', false, true, '2026-11-28 13:33:45+00', false, NULL, 2),
	(3, '2026-11-28 13:33:46+00', 'insert', 3, false, 'accountant', '', '', '', false, true, '2026-11-28 13:33:46+00', false, NULL, 3),
	(4, '2026-11-28 13:33:48+00', 'insert', 4, false, 'reviewer', '', '', '', false, true, '2026-11-28 13:33:48+00', false, NULL, 4),
	(5, '2026-11-28 13:33:50+00', 'insert', 5, false, 'finance-manager', '', '', '', false, true, '2026-11-28 13:33:50+00', false, NULL, 5),
	(6, '2026-11-28 13:33:51+00', 'insert', 6, false, 'administrator', '', '', '', false, true, '2026-11-28 13:33:51+00', false, NULL, 6),
	(7, '2026-11-28 13:33:52+00', 'insert', 7, false, '甲方-person', '甲方', '甲方', '', false, true, '2026-11-28 13:33:52+00', false, '1d25f47d-442a-429b-9d46-e6658a21d669', 7),
	(8, '2026-11-28 13:33:53+00', 'update', 7, false, '甲方-person', '改', '甲方', '', false, true, '2026-11-28 13:33:52+00', false, 'b4b33b8d-0327-478c-bc21-01263782f908', 7),
	(9, '2026-11-28 13:33:54+00', 'insert', 8, false, 'reviewer-2', '', '', '', false, true, '2026-11-28 13:33:54+00', true, NULL, 8);
INSERT INTO public.accounts_userroleevent VALUES
	(1, '2026-11-28 13:33:45+00', 'insert', 1, 1, NULL, 2),
	(2, '2026-11-28 13:33:46+00', 'insert', 2, 2, NULL, 3),
	(3, '2026-11-28 13:33:48+00', 'insert', 3, 3, NULL, 4),
	(4, '2026-11-28 13:33:50+00', 'insert', 4, 4, NULL, 5),
	(5, '2026-11-28 13:33:51+00', 'insert', 5, 5, NULL, 6),
	(6, '2026-11-28 13:33:51+00', 'insert', 6, 6, NULL, 2),
	(7, '2026-11-28 13:33:53+00', 'insert', 7, 1, 'b4b33b8d-0327-478c-bc21-01263782f908', 7),
	(8, '2026-11-28 13:33:53+00', 'delete', 7, 1, 'b4b33b8d-0327-478c-bc21-01263782f908', 7);
INSERT INTO public.auth_group VALUES
	(1, 'viewer'),
	(2, 'accountant'),
	(3, 'reviewer'),
	(4, 'finance manager'),
	(5, 'administrator'),
	(6, '自定义 custom group');
INSERT INTO public.auth_group_permissions VALUES
	(1, 1, 12),
	(2, 2, 12),
	(3, 3, 12),
	(4, 4, 12),
	(5, 5, 1),
	(6, 5, 2),
	(7, 5, 4),
	(8, 5, 9),
	(9, 5, 10),
	(10, 5, 11),
	(11, 5, 12),
	(12, 1, 53),
	(13, 1, 36),
	(14, 1, 61),
	(15, 2, 36),
	(16, 2, 37),
	(17, 2, 53),
	(18, 2, 61),
	(19, 2, 62),
	(20, 3, 36),
	(21, 3, 37),
	(22, 3, 53),
	(23, 3, 61),
	(24, 3, 62),
	(25, 4, 36),
	(26, 4, 37),
	(27, 4, 53),
	(28, 4, 61),
	(29, 4, 62),
	(30, 5, 33),
	(31, 5, 34),
	(32, 5, 35),
	(33, 5, 36),
	(34, 5, 37),
	(35, 5, 53),
	(36, 5, 57),
	(37, 5, 61),
	(38, 5, 62),
	(39, 1, 66),
	(40, 1, 70),
	(41, 1, 74),
	(42, 1, 78),
	(43, 1, 94),
	(44, 2, 66),
	(45, 2, 70),
	(46, 2, 74),
	(47, 2, 78),
	(48, 2, 94),
	(49, 2, 95),
	(50, 3, 66),
	(51, 3, 70),
	(52, 3, 74),
	(53, 3, 78),
	(54, 3, 94),
	(55, 3, 95),
	(56, 4, 66),
	(57, 4, 70),
	(58, 4, 74),
	(59, 4, 78),
	(60, 4, 94),
	(61, 4, 95),
	(62, 5, 66),
	(63, 5, 70),
	(64, 5, 74),
	(65, 5, 78),
	(66, 5, 94),
	(67, 5, 95),
	(68, 1, 128),
	(69, 1, 148),
	(70, 1, 140),
	(71, 2, 128),
	(72, 2, 129),
	(73, 2, 140),
	(74, 2, 148),
	(75, 2, 125),
	(76, 2, 126),
	(77, 3, 128),
	(78, 3, 129),
	(79, 3, 130),
	(80, 3, 140),
	(81, 3, 148),
	(82, 3, 125),
	(83, 3, 126),
	(84, 4, 128),
	(85, 4, 129),
	(86, 4, 130),
	(87, 4, 131),
	(88, 4, 132),
	(89, 4, 160),
	(90, 4, 140),
	(91, 4, 148),
	(92, 4, 125),
	(93, 4, 126),
	(94, 5, 128),
	(95, 5, 129),
	(96, 5, 130),
	(97, 5, 131),
	(98, 5, 132),
	(99, 5, 160),
	(100, 5, 140),
	(101, 5, 148),
	(102, 5, 157),
	(103, 5, 158),
	(104, 5, 125),
	(105, 5, 126),
	(106, 5, 159),
	(107, 3, 115),
	(108, 3, 116),
	(109, 4, 115),
	(110, 4, 107),
	(111, 4, 116),
	(112, 5, 104),
	(113, 5, 105),
	(114, 5, 106),
	(115, 5, 107),
	(116, 5, 115),
	(117, 5, 116),
	(118, 5, 99),
	(119, 5, 103),
	(120, 1, 176),
	(121, 1, 210),
	(122, 1, 198),
	(123, 2, 176),
	(124, 2, 210),
	(125, 2, 198),
	(126, 3, 176),
	(127, 3, 177),
	(128, 3, 210),
	(129, 3, 198),
	(130, 4, 198),
	(131, 4, 176),
	(132, 4, 177),
	(133, 4, 178),
	(134, 4, 210),
	(135, 5, 198),
	(136, 5, 199),
	(137, 5, 200),
	(138, 5, 201),
	(139, 5, 202),
	(140, 5, 176),
	(141, 5, 177),
	(142, 5, 178),
	(143, 5, 210),
	(144, 1, 214),
	(145, 1, 223),
	(146, 2, 223),
	(147, 2, 214),
	(148, 2, 215),
	(149, 3, 223),
	(150, 3, 214),
	(151, 3, 215),
	(152, 4, 223),
	(153, 4, 214),
	(154, 4, 215),
	(155, 5, 223),
	(156, 5, 214),
	(157, 5, 215),
	(158, 1, 227),
	(159, 1, 261),
	(160, 1, 235),
	(161, 1, 269),
	(162, 1, 243),
	(163, 1, 277),
	(164, 1, 251),
	(165, 1, 285),
	(166, 2, 258),
	(167, 2, 259),
	(168, 2, 260),
	(169, 2, 261),
	(170, 2, 266),
	(171, 2, 267),
	(172, 2, 268),
	(173, 2, 269),
	(174, 2, 274),
	(175, 2, 276),
	(176, 2, 277),
	(177, 2, 285),
	(178, 2, 286),
	(179, 2, 227),
	(180, 2, 235),
	(181, 2, 243),
	(182, 2, 248),
	(183, 2, 249),
	(184, 2, 250),
	(185, 2, 251),
	(186, 2, 252),
	(187, 2, 253),
	(188, 3, 258),
	(189, 3, 259),
	(190, 3, 260),
	(191, 3, 261),
	(192, 3, 266),
	(193, 3, 267),
	(194, 3, 268),
	(195, 3, 269),
	(196, 3, 274),
	(197, 3, 276),
	(198, 3, 277),
	(199, 3, 285),
	(200, 3, 286);
INSERT INTO public.auth_group_permissions VALUES
	(201, 3, 227),
	(202, 3, 235),
	(203, 3, 243),
	(204, 3, 248),
	(205, 3, 249),
	(206, 3, 250),
	(207, 3, 251),
	(208, 3, 252),
	(209, 3, 253),
	(210, 4, 258),
	(211, 4, 259),
	(212, 4, 260),
	(213, 4, 261),
	(214, 4, 266),
	(215, 4, 267),
	(216, 4, 268),
	(217, 4, 269),
	(218, 4, 274),
	(219, 4, 276),
	(220, 4, 277),
	(221, 4, 285),
	(222, 4, 286),
	(223, 4, 224),
	(224, 4, 225),
	(225, 4, 227),
	(226, 4, 232),
	(227, 4, 234),
	(228, 4, 235),
	(229, 4, 240),
	(230, 4, 241),
	(231, 4, 242),
	(232, 4, 243),
	(233, 4, 248),
	(234, 4, 249),
	(235, 4, 250),
	(236, 4, 251),
	(237, 4, 252),
	(238, 4, 253),
	(239, 5, 258),
	(240, 5, 259),
	(241, 5, 260),
	(242, 5, 261),
	(243, 5, 266),
	(244, 5, 267),
	(245, 5, 268),
	(246, 5, 269),
	(247, 5, 274),
	(248, 5, 276),
	(249, 5, 277),
	(250, 5, 285),
	(251, 5, 286),
	(252, 5, 224),
	(253, 5, 225),
	(254, 5, 226),
	(255, 5, 227),
	(256, 5, 232),
	(257, 5, 234),
	(258, 5, 235),
	(259, 5, 240),
	(260, 5, 241),
	(261, 5, 242),
	(262, 5, 243),
	(263, 5, 248),
	(264, 5, 249),
	(265, 5, 250),
	(266, 5, 251),
	(267, 5, 252),
	(268, 5, 253),
	(269, 6, 138),
	(270, 6, 78),
	(271, 6, 148),
	(272, 6, 215),
	(273, 6, 284);
INSERT INTO public.auth_permission VALUES
	(1, 'Can add user', 3, 'add_user'),
	(2, 'Can change user', 3, 'change_user'),
	(3, 'Can delete user', 3, 'delete_user'),
	(4, 'Can view user', 3, 'view_user'),
	(5, 'Can add user event', 4, 'add_userevent'),
	(6, 'Can change user event', 4, 'change_userevent'),
	(7, 'Can delete user event', 4, 'delete_userevent'),
	(8, 'Can view user event', 4, 'view_userevent'),
	(9, 'Can add company', 5, 'add_company'),
	(10, 'Can change company', 5, 'change_company'),
	(11, 'Can delete company', 5, 'delete_company'),
	(12, 'Can view company', 5, 'view_company'),
	(13, 'Can add company event', 6, 'add_companyevent'),
	(14, 'Can change company event', 6, 'change_companyevent'),
	(15, 'Can delete company event', 6, 'delete_companyevent'),
	(16, 'Can view company event', 6, 'view_companyevent'),
	(17, 'Can add user role', 7, 'add_userrole'),
	(18, 'Can change user role', 7, 'change_userrole'),
	(19, 'Can delete user role', 7, 'delete_userrole'),
	(20, 'Can view user role', 7, 'view_userrole'),
	(21, 'Can add user role event', 8, 'add_userroleevent'),
	(22, 'Can change user role event', 8, 'change_userroleevent'),
	(23, 'Can delete user role event', 8, 'delete_userroleevent'),
	(24, 'Can view user role event', 8, 'view_userroleevent'),
	(25, 'Can add user company', 9, 'add_usercompany'),
	(26, 'Can change user company', 9, 'change_usercompany'),
	(27, 'Can delete user company', 9, 'delete_usercompany'),
	(28, 'Can view user company', 9, 'view_usercompany'),
	(29, 'Can add user company event', 10, 'add_usercompanyevent'),
	(30, 'Can change user company event', 10, 'change_usercompanyevent'),
	(31, 'Can delete user company event', 10, 'delete_usercompanyevent'),
	(32, 'Can view user company event', 10, 'view_usercompanyevent'),
	(33, 'Can add source', 11, 'add_source'),
	(34, 'Can change source', 11, 'change_source'),
	(35, 'Can delete source', 11, 'delete_source'),
	(36, 'Can view source', 11, 'view_source'),
	(37, 'Can start and cancel pulls', 11, 'sync_source'),
	(38, 'Can add source event', 12, 'add_sourceevent'),
	(39, 'Can change source event', 12, 'change_sourceevent'),
	(40, 'Can delete source event', 12, 'delete_sourceevent'),
	(41, 'Can view source event', 12, 'view_sourceevent'),
	(42, 'Can add source state', 13, 'add_sourcestate'),
	(43, 'Can change source state', 13, 'change_sourcestate'),
	(44, 'Can delete source state', 13, 'delete_sourcestate'),
	(45, 'Can view source state', 13, 'view_sourcestate'),
	(46, 'Can add cursor', 14, 'add_cursor'),
	(47, 'Can change cursor', 14, 'change_cursor'),
	(48, 'Can delete cursor', 14, 'delete_cursor'),
	(49, 'Can view cursor', 14, 'view_cursor'),
	(50, 'Can add pull', 15, 'add_syncrun'),
	(51, 'Can change pull', 15, 'change_syncrun'),
	(52, 'Can delete pull', 15, 'delete_syncrun'),
	(53, 'Can view pull', 15, 'view_syncrun'),
	(54, 'Can add raw record', 16, 'add_rawrecord'),
	(55, 'Can change raw record', 16, 'change_rawrecord'),
	(56, 'Can delete raw record', 16, 'delete_rawrecord'),
	(57, 'Can view raw record', 16, 'view_rawrecord'),
	(58, 'Can add quarantined record', 17, 'add_quarantinedrecord'),
	(59, 'Can change quarantined record', 17, 'change_quarantinedrecord'),
	(60, 'Can delete quarantined record', 17, 'delete_quarantinedrecord'),
	(61, 'Can view quarantined record', 17, 'view_quarantinedrecord'),
	(62, 'Can retry and dismiss quarantined records', 17, 'retry_quarantinedrecord'),
	(63, 'Can add party', 18, 'add_party'),
	(64, 'Can change party', 18, 'change_party'),
	(65, 'Can delete party', 18, 'delete_party'),
	(66, 'Can view party', 18, 'view_party'),
	(67, 'Can add invoice', 19, 'add_invoice'),
	(68, 'Can change invoice', 19, 'change_invoice'),
	(69, 'Can delete invoice', 19, 'delete_invoice'),
	(70, 'Can view invoice', 19, 'view_invoice'),
	(71, 'Can add invoice line', 20, 'add_invoiceline'),
	(72, 'Can change invoice line', 20, 'change_invoiceline'),
	(73, 'Can delete invoice line', 20, 'delete_invoiceline'),
	(74, 'Can view invoice line', 20, 'view_invoiceline'),
	(75, 'Can add sighting', 21, 'add_sighting'),
	(76, 'Can change sighting', 21, 'change_sighting'),
	(77, 'Can delete sighting', 21, 'delete_sighting'),
	(78, 'Can view sighting', 21, 'view_sighting'),
	(79, 'Can add alias', 22, 'add_alias'),
	(80, 'Can change alias', 22, 'change_alias'),
	(81, 'Can delete alias', 22, 'delete_alias'),
	(82, 'Can view alias', 22, 'view_alias'),
	(83, 'Can add same document', 23, 'add_samedocument'),
	(84, 'Can change same document', 23, 'change_samedocument'),
	(85, 'Can delete same document', 23, 'delete_samedocument'),
	(86, 'Can view same document', 23, 'view_samedocument'),
	(87, 'Can add standing', 24, 'add_standing'),
	(88, 'Can change standing', 24, 'change_standing'),
	(89, 'Can delete standing', 24, 'delete_standing'),
	(90, 'Can view standing', 24, 'view_standing'),
	(91, 'Can add conflict between sources', 25, 'add_fieldconflict'),
	(92, 'Can change conflict between sources', 25, 'change_fieldconflict'),
	(93, 'Can delete conflict between sources', 25, 'delete_fieldconflict'),
	(94, 'Can view conflict between sources', 25, 'view_fieldconflict'),
	(95, 'Can settle conflicts between sources', 25, 'settle_fieldconflict'),
	(96, 'Can add assistant session', 26, 'add_assistantsession'),
	(97, 'Can change assistant session', 26, 'change_assistantsession'),
	(98, 'Can delete assistant session', 26, 'delete_assistantsession'),
	(99, 'Can view assistant session', 26, 'view_assistantsession'),
	(100, 'Can add assistant message', 27, 'add_assistantmessage'),
	(101, 'Can change assistant message', 27, 'change_assistantmessage'),
	(102, 'Can delete assistant message', 27, 'delete_assistantmessage'),
	(103, 'Can view assistant message', 27, 'view_assistantmessage'),
	(104, 'Can add compliance check', 28, 'add_checksetting'),
	(105, 'Can change compliance check', 28, 'change_checksetting'),
	(106, 'Can delete compliance check', 28, 'delete_checksetting'),
	(107, 'Can view compliance check', 28, 'view_checksetting'),
	(108, 'Can add check setting event', 29, 'add_checksettingevent'),
	(109, 'Can change check setting event', 29, 'change_checksettingevent'),
	(110, 'Can delete check setting event', 29, 'delete_checksettingevent'),
	(111, 'Can view check setting event', 29, 'view_checksettingevent'),
	(112, 'Can add override of a check', 30, 'add_complianceoverride'),
	(113, 'Can change override of a check', 30, 'change_complianceoverride'),
	(114, 'Can delete override of a check', 30, 'delete_complianceoverride'),
	(115, 'Can view override of a check', 30, 'view_complianceoverride'),
	(116, 'Can let a bill pass although a check stops it', 30, 'override_check'),
	(117, 'Can add compliance override event', 31, 'add_complianceoverrideevent'),
	(118, 'Can change compliance override event', 31, 'change_complianceoverrideevent'),
	(119, 'Can delete compliance override event', 31, 'delete_complianceoverrideevent'),
	(120, 'Can view compliance override event', 31, 'view_complianceoverrideevent'),
	(121, 'Can add cover sheet', 32, 'add_billcover'),
	(122, 'Can change cover sheet', 32, 'change_billcover'),
	(123, 'Can delete cover sheet', 32, 'delete_billcover'),
	(124, 'Can view cover sheet', 32, 'view_billcover'),
	(125, 'Can add expense bill', 33, 'add_bill'),
	(126, 'Can change expense bill', 33, 'change_bill'),
	(127, 'Can delete expense bill', 33, 'delete_bill'),
	(128, 'Can view expense bill', 33, 'view_bill'),
	(129, 'Can submit and withdraw bills', 33, 'submit_bill'),
	(130, 'Can approve and reject bills', 33, 'approve_bill'),
	(131, 'Can mark bills as booked', 33, 'book_bill'),
	(132, 'Can put an invoice on a bill although it is certainly there twice', 33, 'override_duplicate'),
	(133, 'Can add bill event', 34, 'add_billevent'),
	(134, 'Can change bill event', 34, 'change_billevent'),
	(135, 'Can delete bill event', 34, 'delete_billevent'),
	(136, 'Can view bill event', 34, 'view_billevent'),
	(137, 'Can add entry', 35, 'add_billentry'),
	(138, 'Can change entry', 35, 'change_billentry'),
	(139, 'Can delete entry', 35, 'delete_billentry'),
	(140, 'Can view entry', 35, 'view_billentry'),
	(141, 'Can add bill entry event', 36, 'add_billentryevent'),
	(142, 'Can change bill entry event', 36, 'change_billentryevent'),
	(143, 'Can delete bill entry event', 36, 'delete_billentryevent'),
	(144, 'Can view bill entry event', 36, 'view_billentryevent'),
	(145, 'Can add invoice on a bill', 37, 'add_invoiceuse'),
	(146, 'Can change invoice on a bill', 37, 'change_invoiceuse'),
	(147, 'Can delete invoice on a bill', 37, 'delete_invoiceuse'),
	(148, 'Can view invoice on a bill', 37, 'view_invoiceuse'),
	(149, 'Can add invoice use event', 38, 'add_invoiceuseevent'),
	(150, 'Can change invoice use event', 38, 'change_invoiceuseevent'),
	(151, 'Can delete invoice use event', 38, 'delete_invoiceuseevent'),
	(152, 'Can view invoice use event', 38, 'view_invoiceuseevent'),
	(153, 'Can add bill step', 39, 'add_billstep'),
	(154, 'Can change bill step', 39, 'change_billstep'),
	(155, 'Can delete bill step', 39, 'delete_billstep'),
	(156, 'Can view bill step', 39, 'view_billstep'),
	(157, 'Can add policy for holds', 40, 'add_holdpolicy'),
	(158, 'Can change policy for holds', 40, 'change_holdpolicy'),
	(159, 'Can delete policy for holds', 40, 'delete_holdpolicy'),
	(160, 'Can view policy for holds', 40, 'view_holdpolicy'),
	(161, 'Can add hold policy event', 41, 'add_holdpolicyevent'),
	(162, 'Can change hold policy event', 41, 'change_holdpolicyevent'),
	(163, 'Can delete hold policy event', 41, 'delete_holdpolicyevent'),
	(164, 'Can view hold policy event', 41, 'view_holdpolicyevent'),
	(165, 'Can add upstream listing', 42, 'add_upstreamlisting'),
	(166, 'Can change upstream listing', 42, 'change_upstreamlisting'),
	(167, 'Can delete upstream listing', 42, 'delete_upstreamlisting'),
	(168, 'Can view upstream listing', 42, 'view_upstreamlisting'),
	(169, 'Can add upstream position', 43, 'add_upstreamposition'),
	(170, 'Can change upstream position', 43, 'change_upstreamposition'),
	(171, 'Can delete upstream position', 43, 'delete_upstreamposition'),
	(172, 'Can view upstream position', 43, 'view_upstreamposition'),
	(173, 'Can add duplicate case', 45, 'add_case'),
	(174, 'Can change duplicate case', 45, 'change_case'),
	(175, 'Can delete duplicate case', 45, 'delete_case'),
	(176, 'Can view duplicate case', 45, 'view_case'),
	(177, 'Can decide duplicate cases', 45, 'decide_case'),
	(178, 'Can undo what others decided', 45, 'undo_case'),
	(179, 'Can add case member', 46, 'add_casemember'),
	(180, 'Can change case member', 46, 'change_casemember'),
	(181, 'Can delete case member', 46, 'delete_casemember'),
	(182, 'Can view case member', 46, 'view_casemember'),
	(183, 'Can add pair', 47, 'add_pair'),
	(184, 'Can change pair', 47, 'change_pair'),
	(185, 'Can delete pair', 47, 'delete_pair'),
	(186, 'Can view pair', 47, 'view_pair'),
	(187, 'Can add claim', 48, 'add_claim'),
	(188, 'Can change claim', 48, 'change_claim'),
	(189, 'Can delete claim', 48, 'delete_claim'),
	(190, 'Can view claim', 48, 'view_claim'),
	(191, 'Can add not duplicate', 49, 'add_notduplicate'),
	(192, 'Can change not duplicate', 49, 'change_notduplicate'),
	(193, 'Can delete not duplicate', 49, 'delete_notduplicate'),
	(194, 'Can view not duplicate', 49, 'view_notduplicate'),
	(195, 'Can add decision', 50, 'add_decision'),
	(196, 'Can change decision', 50, 'change_decision'),
	(197, 'Can delete decision', 50, 'delete_decision'),
	(198, 'Can view decision', 50, 'view_decision'),
	(199, 'Can add rule for duplicates', 51, 'add_rulesetting'),
	(200, 'Can change rule for duplicates', 51, 'change_rulesetting');
INSERT INTO public.auth_permission VALUES
	(201, 'Can delete rule for duplicates', 51, 'delete_rulesetting'),
	(202, 'Can view rule for duplicates', 51, 'view_rulesetting'),
	(203, 'Can add rule setting event', 52, 'add_rulesettingevent'),
	(204, 'Can change rule setting event', 52, 'change_rulesettingevent'),
	(205, 'Can delete rule setting event', 52, 'delete_rulesettingevent'),
	(206, 'Can view rule setting event', 52, 'view_rulesettingevent'),
	(207, 'Can add search for duplicates', 53, 'add_search'),
	(208, 'Can change search for duplicates', 53, 'change_search'),
	(209, 'Can delete search for duplicates', 53, 'delete_search'),
	(210, 'Can view search for duplicates', 53, 'view_search'),
	(211, 'Can add push', 54, 'add_push'),
	(212, 'Can change push', 54, 'change_push'),
	(213, 'Can delete push', 54, 'delete_push'),
	(214, 'Can view push', 54, 'view_push'),
	(215, 'Can retry, mark done and dismiss pushes', 54, 'settle_push'),
	(216, 'Can add push decision', 55, 'add_pushdecision'),
	(217, 'Can change push decision', 55, 'change_pushdecision'),
	(218, 'Can delete push decision', 55, 'delete_pushdecision'),
	(219, 'Can view push decision', 55, 'view_pushdecision'),
	(220, 'Can add attempt', 56, 'add_pushattempt'),
	(221, 'Can change attempt', 56, 'change_pushattempt'),
	(222, 'Can delete attempt', 56, 'delete_pushattempt'),
	(223, 'Can view attempt', 56, 'view_pushattempt'),
	(224, 'Can add account book', 57, 'add_accountbook'),
	(225, 'Can change account book', 57, 'change_accountbook'),
	(226, 'Can delete account book', 57, 'delete_accountbook'),
	(227, 'Can view account book', 57, 'view_accountbook'),
	(228, 'Can add account book event', 58, 'add_accountbookevent'),
	(229, 'Can change account book event', 58, 'change_accountbookevent'),
	(230, 'Can delete account book event', 58, 'delete_accountbookevent'),
	(231, 'Can view account book event', 58, 'view_accountbookevent'),
	(232, 'Can add closed period', 59, 'add_closedperiod'),
	(233, 'Can change closed period', 59, 'change_closedperiod'),
	(234, 'Can delete closed period', 59, 'delete_closedperiod'),
	(235, 'Can view closed period', 59, 'view_closedperiod'),
	(236, 'Can add closed period event', 60, 'add_closedperiodevent'),
	(237, 'Can change closed period event', 60, 'change_closedperiodevent'),
	(238, 'Can delete closed period event', 60, 'delete_closedperiodevent'),
	(239, 'Can view closed period event', 60, 'view_closedperiodevent'),
	(240, 'Can add account mapping', 61, 'add_accountmapping'),
	(241, 'Can change account mapping', 61, 'change_accountmapping'),
	(242, 'Can delete account mapping', 61, 'delete_accountmapping'),
	(243, 'Can view account mapping', 61, 'view_accountmapping'),
	(244, 'Can add account mapping event', 62, 'add_accountmappingevent'),
	(245, 'Can change account mapping event', 62, 'change_accountmappingevent'),
	(246, 'Can delete account mapping event', 62, 'delete_accountmappingevent'),
	(247, 'Can view account mapping event', 62, 'view_accountmappingevent'),
	(248, 'Can add voucher', 63, 'add_voucher'),
	(249, 'Can change voucher', 63, 'change_voucher'),
	(250, 'Can delete voucher', 63, 'delete_voucher'),
	(251, 'Can view voucher', 63, 'view_voucher'),
	(252, 'Can collect vouchers', 63, 'collect_voucher'),
	(253, 'Can void vouchers and delete them upstream', 63, 'reverse_voucher'),
	(254, 'Can add voucher event', 64, 'add_voucherevent'),
	(255, 'Can change voucher event', 64, 'change_voucherevent'),
	(256, 'Can delete voucher event', 64, 'delete_voucherevent'),
	(257, 'Can view voucher event', 64, 'view_voucherevent'),
	(258, 'Can add entry', 65, 'add_voucherentry'),
	(259, 'Can change entry', 65, 'change_voucherentry'),
	(260, 'Can delete entry', 65, 'delete_voucherentry'),
	(261, 'Can view entry', 65, 'view_voucherentry'),
	(262, 'Can add voucher entry event', 66, 'add_voucherentryevent'),
	(263, 'Can change voucher entry event', 66, 'change_voucherentryevent'),
	(264, 'Can delete voucher entry event', 66, 'delete_voucherentryevent'),
	(265, 'Can view voucher entry event', 66, 'view_voucherentryevent'),
	(266, 'Can add invoice of the voucher', 67, 'add_voucherinvoice'),
	(267, 'Can change invoice of the voucher', 67, 'change_voucherinvoice'),
	(268, 'Can delete invoice of the voucher', 67, 'delete_voucherinvoice'),
	(269, 'Can view invoice of the voucher', 67, 'view_voucherinvoice'),
	(270, 'Can add voucher invoice event', 68, 'add_voucherinvoiceevent'),
	(271, 'Can change voucher invoice event', 68, 'change_voucherinvoiceevent'),
	(272, 'Can delete voucher invoice event', 68, 'delete_voucherinvoiceevent'),
	(273, 'Can view voucher invoice event', 68, 'view_voucherinvoiceevent'),
	(274, 'Can add bill of the voucher', 69, 'add_voucherbill'),
	(275, 'Can change bill of the voucher', 69, 'change_voucherbill'),
	(276, 'Can delete bill of the voucher', 69, 'delete_voucherbill'),
	(277, 'Can view bill of the voucher', 69, 'view_voucherbill'),
	(278, 'Can add voucher bill event', 70, 'add_voucherbillevent'),
	(279, 'Can change voucher bill event', 70, 'change_voucherbillevent'),
	(280, 'Can delete voucher bill event', 70, 'delete_voucherbillevent'),
	(281, 'Can view voucher bill event', 70, 'view_voucherbillevent'),
	(282, 'Can add red alarm', 71, 'add_redfinding'),
	(283, 'Can change red alarm', 71, 'change_redfinding'),
	(284, 'Can delete red alarm', 71, 'delete_redfinding'),
	(285, 'Can view red alarm', 71, 'view_redfinding'),
	(286, 'Can acknowledge red alarms', 71, 'acknowledge_redfinding'),
	(287, 'Can add red finding event', 72, 'add_redfindingevent'),
	(288, 'Can change red finding event', 72, 'change_redfindingevent'),
	(289, 'Can delete red finding event', 72, 'delete_redfindingevent'),
	(290, 'Can view red finding event', 72, 'view_redfindingevent'),
	(291, 'Can add voucher import', 73, 'add_voucherimport'),
	(292, 'Can change voucher import', 73, 'change_voucherimport'),
	(293, 'Can delete voucher import', 73, 'delete_voucherimport'),
	(294, 'Can view voucher import', 73, 'view_voucherimport'),
	(295, 'Can add alarm watermark', 74, 'add_alarmwatermark'),
	(296, 'Can change alarm watermark', 74, 'change_alarmwatermark'),
	(297, 'Can delete alarm watermark', 74, 'delete_alarmwatermark'),
	(298, 'Can view alarm watermark', 74, 'view_alarmwatermark'),
	(299, 'Can add log entry', 75, 'add_logentry'),
	(300, 'Can change log entry', 75, 'change_logentry'),
	(301, 'Can delete log entry', 75, 'delete_logentry'),
	(302, 'Can view log entry', 75, 'view_logentry'),
	(303, 'Can add permission', 76, 'add_permission'),
	(304, 'Can change permission', 76, 'change_permission'),
	(305, 'Can delete permission', 76, 'delete_permission'),
	(306, 'Can view permission', 76, 'view_permission'),
	(307, 'Can add group', 77, 'add_group'),
	(308, 'Can change group', 77, 'change_group'),
	(309, 'Can delete group', 77, 'delete_group'),
	(310, 'Can view group', 77, 'view_group'),
	(311, 'Can add content type', 78, 'add_contenttype'),
	(312, 'Can change content type', 78, 'change_contenttype'),
	(313, 'Can delete content type', 78, 'delete_contenttype'),
	(314, 'Can view content type', 78, 'view_contenttype'),
	(315, 'Can add session', 79, 'add_session'),
	(316, 'Can change session', 79, 'change_session'),
	(317, 'Can delete session', 79, 'delete_session'),
	(318, 'Can view session', 79, 'view_session'),
	(319, 'Can add email address', 80, 'add_emailaddress'),
	(320, 'Can change email address', 80, 'change_emailaddress'),
	(321, 'Can delete email address', 80, 'delete_emailaddress'),
	(322, 'Can view email address', 80, 'view_emailaddress'),
	(323, 'Can add email confirmation', 81, 'add_emailconfirmation'),
	(324, 'Can change email confirmation', 81, 'change_emailconfirmation'),
	(325, 'Can delete email confirmation', 81, 'delete_emailconfirmation'),
	(326, 'Can view email confirmation', 81, 'view_emailconfirmation'),
	(327, 'Can add authenticator', 82, 'add_authenticator'),
	(328, 'Can change authenticator', 82, 'change_authenticator'),
	(329, 'Can delete authenticator', 82, 'delete_authenticator'),
	(330, 'Can view authenticator', 82, 'view_authenticator'),
	(331, 'Can add access attempt', 83, 'add_accessattempt'),
	(332, 'Can change access attempt', 83, 'change_accessattempt'),
	(333, 'Can delete access attempt', 83, 'delete_accessattempt'),
	(334, 'Can view access attempt', 83, 'view_accessattempt'),
	(335, 'Can add access log', 84, 'add_accesslog'),
	(336, 'Can change access log', 84, 'change_accesslog'),
	(337, 'Can delete access log', 84, 'delete_accesslog'),
	(338, 'Can view access log', 84, 'view_accesslog'),
	(339, 'Can add access failure', 85, 'add_accessfailurelog'),
	(340, 'Can change access failure', 85, 'change_accessfailurelog'),
	(341, 'Can delete access failure', 85, 'delete_accessfailurelog'),
	(342, 'Can view access failure', 85, 'view_accessfailurelog'),
	(343, 'Can add access attempt expiration', 86, 'add_accessattemptexpiration'),
	(344, 'Can change access attempt expiration', 86, 'change_accessattemptexpiration'),
	(345, 'Can delete access attempt expiration', 86, 'delete_accessattemptexpiration'),
	(346, 'Can view access attempt expiration', 86, 'view_accessattemptexpiration'),
	(347, 'Access admin page', 44, 'admin'),
	(348, 'Can add auth token', 87, 'add_authtoken'),
	(349, 'Can change auth token', 87, 'change_authtoken'),
	(350, 'Can delete auth token', 87, 'delete_authtoken'),
	(351, 'Can view auth token', 87, 'view_authtoken'),
	(352, 'Can add context', 88, 'add_context'),
	(353, 'Can change context', 88, 'change_context'),
	(354, 'Can delete context', 88, 'delete_context'),
	(355, 'Can view context', 88, 'view_context'),
	(356, 'Can add events', 1, 'add_events'),
	(357, 'Can change events', 1, 'change_events'),
	(358, 'Can delete events', 1, 'delete_events'),
	(359, 'Can view events', 1, 'view_events'),
	(360, 'Can add middleware events', 2, 'add_middlewareevents'),
	(361, 'Can change middleware events', 2, 'change_middlewareevents'),
	(362, 'Can delete middleware events', 2, 'delete_middlewareevents'),
	(363, 'Can view middleware events', 2, 'view_middlewareevents'),
	(364, 'Can add kept reply', 89, 'add_keptreply'),
	(365, 'Can change kept reply', 89, 'change_keptreply'),
	(366, 'Can delete kept reply', 89, 'delete_keptreply'),
	(367, 'Can view kept reply', 89, 'view_keptreply');
INSERT INTO public.axes_accessattempt VALUES
	(1, 'x', '192.0.2.1', 'nobody', '*', '/login/', '2026-11-28 13:33:59+00', '', '', 1);
INSERT INTO public.axes_accessattemptexpiration VALUES
	(1, '2026-11-28 13:33:59+00');
INSERT INTO public.axes_accessfailurelog VALUES
	(1, 'x', '192.0.2.1', 'nobody', '*', '/login/', '2026-11-28 13:33:59+00', false);
INSERT INTO public.axes_accesslog VALUES
	(1, '<unknown>', NULL, 'admin', '<unknown>', '<unknown>', '2026-11-28 13:33:57+00', NULL, 'f314f70f290cece041326777158fd4c8d99d003e880633785e9a7edcd252a57d'),
	(2, 'x', '192.0.2.1', 'admin', '*', '/login/', '2026-11-28 13:33:59+00', NULL, '');
INSERT INTO public.bills_assistantmessage VALUES
	(1, '甲方-m1', 'saveBill', '', '', '{"n": "\u7532\u65b9\u4fe1"}', '2026-11-28 13:33:52+00', NULL, 'partly', '{"code": "http.timeout", "params": {"host": "甲方说"}}', '[{"code": "http.timeout", "params": {"host": "甲方说"}}]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(2, '甲方-m2', 'saveBill', '甲方无此单', '', '{"n": "\u7532\u65b9\u4fe1"}', '2026-11-28 13:33:52+00', NULL, 'no_bill', '{"code": "http.timeout", "params": {"host": "甲方说"}}', '[]', 0, NULL, NULL, NULL, 6, 1, '{}'),
	(3, 'cover-0', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'waiting', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(4, 'cover-1', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'no_bill', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(5, 'cover-2', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'applied', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(6, 'cover-3', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'partly', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(7, 'cover-4', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'refused', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}'),
	(8, 'cover-5', 'saveBill', '', '88f054b1f66d5f866d8ce9c94b66b7e6', '{}', '2026-11-28 13:33:59+00', NULL, 'dismissed', NULL, '[]', 0, NULL, NULL, 7, 6, 1, '{}');
INSERT INTO public.bills_assistantsession VALUES
	(1, '甲方流水', 'gAAAAABrCthARsTYEywoUZ_obTIn1cHkLmf0_34qea6ltH6leyMVaxxfc0eIgZLMa1pbx3I2qWOmtPM9aZmZj3VJR_Pc0U3mUw==', 'gAAAAABrCthAFKlxCb_cRQwQBpWsADk6NUhtipsM2XYUIXk5r1tqAjPTCGqRciS7uHrFdan-fXnGtNufzxIutPtyVghtZpM8ig==', '2026-11-28 13:33:52+00', '2126-11-04 13:33:52+00', NULL, NULL, '', NULL, NULL, 7, NULL, 7, 6, '{}');
INSERT INTO public.bills_bill VALUES
	(4, 'own', 'BX202611000004', 'f3fd425e1491a65cf1dbf4d3c955bed5', 'expense', '办公用品采购', '李强', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, 3, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, 5),
	(5, 'own', 'BX202611000005', '2860bbc9cee92cd10fa0a7bddc855307', 'expense', '客户来访', '赵敏', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, 3, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, 5),
	(3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'booked', '', NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 7, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, 5),
	(1, 'piaozone', '2026-11-LIVE-0001', '96575a0d794daa5784a04a37a031ccde', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'submitted', 'submitted', '2026-11-28 13:33:43+00', NULL, NULL, NULL, 2, '2026-11-28 13:33:40+00', '2026-11-28 13:33:43+00', 1, NULL, 5),
	(6, 'piaozone', '2026-BILL-000001', 'dc166a1f6daad16f909d9c8553475cf8', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'approved', 'approved', '2026-11-28 13:33:43+00', NULL, NULL, NULL, 2, '2026-11-28 13:33:43+00', '2026-11-28 13:33:43+00', 1, NULL, 5),
	(8, 'own', '甲方BX70d233', '8d5cca60e5e3e7a24e2208ae3c430de0', 'expense', '甲方事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'approved', '', NULL, NULL, '2026-03-02 01:00:00+00', NULL, 1, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3, NULL, NULL),
	(7, 'own', '甲方BXa2ca93', '88f054b1f66d5f866d8ce9c94b66b7e6', 'expense', '新事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 3, 7, 6),
	(9, 'own', 'BX000002', '266ee55cc0850a55478aeb19856eaee4', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(10, 'own', 'BX000003', 'b122be518e2265edf9fa786075de1ed5', 'Tra', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(11, 'own', 'BX000004', 'be8b3b1e29be23d6140af9a71bbc15f8', 'Pur', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(12, 'own', 'BX000005', '5c7f4ac435238f72326a9d74ff8d4f68', 'BizOut', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(13, 'own', 'BX000006', '9b830fe1ef0818a750dd1cb89ee0fcb6', 'REIMBURSE', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(14, 'own', 'BX000007', '5a93e45fa77d4a9e80b74d8d4fdbc271', 'CORP_REIMBURSE', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL),
	(15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, 5, '2026-11-28 13:33:56+00', '2026-11-28 13:33:57+00', 3, 1, NULL),
	(16, 'own', 'BX000008', 'bf493519091dc590191003aaa0866f81', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', 3, NULL, NULL),
	(19, 'own', 'BX202611000019', 'f987d5a86a80dfe141add5889f3e1c7f', 'expense', '经接口', '', '', '', 'CNY', '2026-11-28', NULL, 'rejected', '', NULL, NULL, NULL, NULL, 2, '2026-11-28 13:33:59+00', '2026-11-28 13:34:00+00', 3, 1, NULL),
	(18, 'maycur', 'BX000010', 'c0a5e5904cb5643494d42dcec2804b7b', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'withdrawn', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:57+00', '2026-11-28 13:34:00+00', 3, NULL, 6),
	(17, 'own', 'BX000009', 'a61ce6c9788f4793e6e1d4a90387d258', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'discarded', '', NULL, NULL, NULL, NULL, 1, '2026-11-28 13:33:57+00', '2026-11-28 13:34:00+00', 3, NULL, NULL);
INSERT INTO public.bills_billcover VALUES
	(1, 'covers/88/88f054b1f66d5f866d8ce9c94b66b7e6.pdf', 'pdf', '甲方封面', '2026-11-28 13:33:52+00', 7, 7);
INSERT INTO public.bills_billentry VALUES
	(1, 1, '219b655fda444f5a11d5c24a37fc5c07', '差旅费', '', NULL, NULL, 3),
	(2, 1, 'f1b9d81e46b0571a3b7d7c790a6e59ba', '办公费', '', NULL, NULL, 4),
	(3, 1, 'ad76aead9a73a65e3137eea72caf3c73', '业务招待费', '', NULL, NULL, 5),
	(5, 1, '16a02c988837c2a0ce97ccd0c3c4d2ca', '甲方费用', '', NULL, 113.00, 8),
	(4, 1, '9b9ab056f5ec490118ac7a722604cbfe', '甲方费用', '改过', NULL, 113.00, 7),
	(7, 1, 'e2d1c50889e74deafb597b52b1847089', '差旅费', '', NULL, NULL, 15);
INSERT INTO public.bills_billentryevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, 1, '219b655fda444f5a11d5c24a37fc5c07', '差旅费', '', NULL, NULL, 3, NULL, 1),
	(2, '2026-11-28 13:33:40+00', 'insert', 2, 1, 'f1b9d81e46b0571a3b7d7c790a6e59ba', '办公费', '', NULL, NULL, 4, NULL, 2),
	(3, '2026-11-28 13:33:40+00', 'insert', 3, 1, 'ad76aead9a73a65e3137eea72caf3c73', '业务招待费', '', NULL, NULL, 5, NULL, 3),
	(4, '2026-11-28 13:33:52+00', 'insert', 4, 1, '9b9ab056f5ec490118ac7a722604cbfe', '甲方费用', '甲方说明', NULL, 113.00, 7, '1d25f47d-442a-429b-9d46-e6658a21d669', 4),
	(5, '2026-11-28 13:33:52+00', 'insert', 5, 1, '16a02c988837c2a0ce97ccd0c3c4d2ca', '甲方费用', '', NULL, 113.00, 8, '1d25f47d-442a-429b-9d46-e6658a21d669', 5),
	(6, '2026-11-28 13:33:53+00', 'update', 4, 1, '9b9ab056f5ec490118ac7a722604cbfe', '甲方费用', '改过', NULL, 113.00, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 4),
	(7, '2026-11-28 13:33:53+00', 'insert', 6, 2, '53cd50c3c7ed5db6ed81cf925d6167ec', '差旅费', '', NULL, 113.00, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 6),
	(8, '2026-11-28 13:33:53+00', 'delete', 6, 2, '53cd50c3c7ed5db6ed81cf925d6167ec', '差旅费', '', NULL, 113.00, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 6),
	(9, '2026-11-28 13:33:56+00', 'insert', 7, 1, 'e2d1c50889e74deafb597b52b1847089', '差旅费', '', NULL, NULL, 15, NULL, 7);
INSERT INTO public.bills_billevent VALUES
	(1, '2026-11-28 13:33:39+00', 'insert', 1, 'piaozone', '2026-11-LIVE-0001', '96575a0d794daa5784a04a37a031ccde', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'submitted', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, NULL, NULL, 1, 5),
	(2, '2026-11-28 13:33:39+00', 'update', 1, 'piaozone', '2026-11-LIVE-0001', '96575a0d794daa5784a04a37a031ccde', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'submitted', 'submitted', '2026-11-28 13:33:40+00', NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, NULL, NULL, 1, 5),
	(6, '2026-11-28 13:33:40+00', 'insert', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(7, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(8, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(9, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(10, '2026-11-28 13:33:40+00', 'insert', 4, 'own', 'BX202611000004', 'f3fd425e1491a65cf1dbf4d3c955bed5', 'expense', '办公用品采购', '李强', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 4, 5),
	(11, '2026-11-28 13:33:40+00', 'update', 4, 'own', 'BX202611000004', 'f3fd425e1491a65cf1dbf4d3c955bed5', 'expense', '办公用品采购', '李强', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 4, 5),
	(12, '2026-11-28 13:33:40+00', 'update', 4, 'own', 'BX202611000004', 'f3fd425e1491a65cf1dbf4d3c955bed5', 'expense', '办公用品采购', '李强', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 4, 5),
	(13, '2026-11-28 13:33:40+00', 'insert', 5, 'own', 'BX202611000005', '2860bbc9cee92cd10fa0a7bddc855307', 'expense', '客户来访', '赵敏', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 5, 5),
	(14, '2026-11-28 13:33:40+00', 'update', 5, 'own', 'BX202611000005', '2860bbc9cee92cd10fa0a7bddc855307', 'expense', '客户来访', '赵敏', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 5, 5),
	(15, '2026-11-28 13:33:40+00', 'update', 5, 'own', 'BX202611000005', '2860bbc9cee92cd10fa0a7bddc855307', 'expense', '客户来访', '赵敏', '综合部', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 5, 5),
	(16, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'submitted', '', NULL, '2026-11-28 13:33:40+00', NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(17, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'approved', '', NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(18, '2026-11-28 13:33:40+00', 'update', 3, 'own', 'BX202611000003', '22318c42c5abd7a65eef95871024fc74', 'expense', '上海出差', '王芳', '综合部', '', 'CNY', '2026-11-28', NULL, 'booked', '', NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, NULL, 3, 5),
	(19, '2026-11-28 13:33:43+00', 'insert', 6, 'piaozone', '2026-BILL-000001', 'dc166a1f6daad16f909d9c8553475cf8', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'submitted', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:43+00', '2026-11-28 13:33:43+00', 1, NULL, NULL, 6, 5),
	(20, '2026-11-28 13:33:43+00', 'update', 1, 'piaozone', '2026-11-LIVE-0001', '96575a0d794daa5784a04a37a031ccde', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'submitted', 'submitted', '2026-11-28 13:33:43+00', NULL, NULL, NULL, '2026-11-28 13:33:40+00', '2026-11-28 13:33:43+00', 1, NULL, NULL, 1, 5),
	(21, '2026-11-28 13:33:43+00', 'update', 6, 'piaozone', '2026-BILL-000001', 'dc166a1f6daad16f909d9c8553475cf8', 'expense', '', '', '', '', 'CNY', NULL, NULL, 'approved', 'approved', '2026-11-28 13:33:43+00', NULL, NULL, NULL, '2026-11-28 13:33:43+00', '2026-11-28 13:33:43+00', 1, NULL, NULL, 6, 5),
	(22, '2026-11-28 13:33:52+00', 'insert', 7, 'own', '甲方BXa2ca93', '88f054b1f66d5f866d8ce9c94b66b7e6', 'expense', '甲方事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3, 7, '1d25f47d-442a-429b-9d46-e6658a21d669', 7, 6),
	(23, '2026-11-28 13:33:52+00', 'insert', 8, 'own', '甲方BX70d233', '8d5cca60e5e3e7a24e2208ae3c430de0', 'expense', '甲方事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'approved', '', NULL, NULL, '2026-03-02 01:00:00+00', NULL, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 8, NULL),
	(24, '2026-11-28 13:33:53+00', 'update', 7, 'own', '甲方BXa2ca93', '88f054b1f66d5f866d8ce9c94b66b7e6', 'expense', '甲方事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 3, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 7, 6),
	(25, '2026-11-28 13:33:53+00', 'update', 7, 'own', '甲方BXa2ca93', '88f054b1f66d5f866d8ce9c94b66b7e6', 'expense', '新事由', '甲方员工', '甲方部门', '甲方收款人', 'CNY', '2026-03-02', 113.00, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 3, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 7, 6),
	(26, '2026-11-28 13:33:56+00', 'insert', 9, 'own', 'BX000002', '266ee55cc0850a55478aeb19856eaee4', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 9, NULL),
	(27, '2026-11-28 13:33:56+00', 'insert', 10, 'own', 'BX000003', 'b122be518e2265edf9fa786075de1ed5', 'Tra', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 10, NULL),
	(28, '2026-11-28 13:33:56+00', 'insert', 11, 'own', 'BX000004', 'be8b3b1e29be23d6140af9a71bbc15f8', 'Pur', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 11, NULL),
	(29, '2026-11-28 13:33:56+00', 'insert', 12, 'own', 'BX000005', '5c7f4ac435238f72326a9d74ff8d4f68', 'BizOut', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 12, NULL),
	(30, '2026-11-28 13:33:56+00', 'insert', 13, 'own', 'BX000006', '9b830fe1ef0818a750dd1cb89ee0fcb6', 'REIMBURSE', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 13, NULL),
	(31, '2026-11-28 13:33:56+00', 'insert', 14, 'own', 'BX000007', '5a93e45fa77d4a9e80b74d8d4fdbc271', 'CORP_REIMBURSE', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 14, NULL),
	(32, '2026-11-28 13:33:56+00', 'insert', 15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 15, NULL),
	(33, '2026-11-28 13:33:56+00', 'update', 15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 15, NULL),
	(34, '2026-11-28 13:33:56+00', 'update', 15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 3, 1, NULL, 15, NULL),
	(35, '2026-11-28 13:33:56+00', 'update', 15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:57+00', 3, 1, NULL, 15, NULL),
	(36, '2026-11-28 13:33:57+00', 'update', 15, 'own', 'BX202611000015', '4b0e4a5315401490f6e08e4cd2830101', 'Tra', '出差', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:57+00', 3, 1, NULL, 15, NULL),
	(37, '2026-11-28 13:33:57+00', 'insert', 16, 'own', 'BX000008', 'bf493519091dc590191003aaa0866f81', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', 3, NULL, NULL, 16, NULL),
	(38, '2026-11-28 13:33:57+00', 'insert', 17, 'own', 'BX000009', 'a61ce6c9788f4793e6e1d4a90387d258', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', 3, NULL, NULL, 17, NULL),
	(39, '2026-11-28 13:33:57+00', 'insert', 18, 'maycur', 'BX000010', 'c0a5e5904cb5643494d42dcec2804b7b', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', 3, NULL, NULL, 18, 6),
	(40, '2026-11-28 13:33:59+00', 'insert', 19, 'own', 'BX202611000019', 'f987d5a86a80dfe141add5889f3e1c7f', 'expense', '经接口', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 3, 1, 'b57a8c43-59d1-4a3c-b8ab-13054d083691', 19, NULL),
	(41, '2026-11-28 13:33:59+00', 'update', 19, 'own', 'BX202611000019', 'f987d5a86a80dfe141add5889f3e1c7f', 'expense', '经接口', '', '', '', 'CNY', '2026-11-28', NULL, 'draft', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 3, 1, 'b57a8c43-59d1-4a3c-b8ab-13054d083691', 19, NULL),
	(42, '2026-11-28 13:34:00+00', 'update', 19, 'own', 'BX202611000019', 'f987d5a86a80dfe141add5889f3e1c7f', 'expense', '经接口', '', '', '', 'CNY', '2026-11-28', NULL, 'rejected', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:59+00', '2026-11-28 13:34:00+00', 3, 1, NULL, 19, NULL),
	(43, '2026-11-28 13:34:00+00', 'update', 18, 'maycur', 'BX000010', 'c0a5e5904cb5643494d42dcec2804b7b', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'withdrawn', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:57+00', '2026-11-28 13:34:00+00', 3, NULL, NULL, 18, 6),
	(44, '2026-11-28 13:34:00+00', 'update', 17, 'own', 'BX000009', 'a61ce6c9788f4793e6e1d4a90387d258', 'expense', '', '王芳', '', '', 'CNY', '2026-03-02', NULL, 'discarded', '', NULL, NULL, NULL, NULL, '2026-11-28 13:33:57+00', '2026-11-28 13:34:00+00', 3, NULL, NULL, 17, NULL);
INSERT INTO public.bills_billstep VALUES
	(1, '2026-11-28 13:33:40+00', 'upstream', 'submitted', '{"code": "bills.was_seen", "params": {"source": "发票云(沙箱)"}}', '', 1, NULL),
	(2, '2026-11-28 13:33:40+00', 'upstream', 'submitted', '{"code": "bills.upstream_moved", "params": {"gone": 0, "added": 2, "source": "发票云(沙箱)"}}', '', 1, NULL),
	(5, '2026-11-28 13:33:40+00', 'create', 'draft', '{"code": "bills.was_created", "params": {}}', '', 3, 1),
	(6, '2026-11-28 13:33:40+00', 'entry', 'draft', '{"code": "bills.entry_put", "params": {"position": 1}}', '', 3, 1),
	(7, '2026-11-28 13:33:40+00', 'pick', 'draft', '{"code": "bills.was_picked", "params": {"count": 1}}', '', 3, 1),
	(8, '2026-11-28 13:33:40+00', 'create', 'draft', '{"code": "bills.was_created", "params": {}}', '', 4, 1),
	(9, '2026-11-28 13:33:40+00', 'entry', 'draft', '{"code": "bills.entry_put", "params": {"position": 1}}', '', 4, 1),
	(10, '2026-11-28 13:33:40+00', 'create', 'draft', '{"code": "bills.was_created", "params": {}}', '', 5, 1),
	(11, '2026-11-28 13:33:40+00', 'entry', 'draft', '{"code": "bills.entry_put", "params": {"position": 1}}', '', 5, 1),
	(12, '2026-11-28 13:33:40+00', 'submit', 'submitted', '{"code": "bills.was_submitted", "params": {}}', '', 3, 1),
	(13, '2026-11-28 13:33:40+00', 'approve', 'approved', '{"code": "bills.was_approved", "params": {}}', '', 3, 1),
	(14, '2026-11-28 13:33:40+00', 'book', 'booked', '{"code": "bills.was_booked", "params": {}}', '', 3, 1),
	(15, '2026-11-28 13:33:43+00', 'upstream', 'submitted', '{"code": "bills.was_seen", "params": {"source": "发票云(沙箱)"}}', '', 6, NULL),
	(16, '2026-11-28 13:33:43+00', 'upstream', 'approved', '{"code": "bills.upstream_moved", "params": {"gone": 0, "added": 1, "source": "发票云(沙箱)"}}', '', 6, NULL),
	(17, '2026-11-28 13:33:52+00', 'edit', 'draft', '{"code": "http.timeout", "params": {"host": "甲方"}}', '甲方因', 7, 7),
	(18, '2026-11-28 13:33:56+00', 'create', 'draft', '{"code": "bills.was_created", "params": {}}', '', 15, 1),
	(19, '2026-11-28 13:33:56+00', 'entry', 'draft', '{"code": "bills.entry_put", "params": {"position": 1}}', '', 15, 1),
	(20, '2026-11-28 13:33:57+00', 'pick', 'draft', '{"code": "bills.was_picked", "params": {"count": 3}}', '', 15, 1),
	(21, '2026-11-28 13:33:57+00', 'release', 'draft', '{"code": "bills.was_taken_off", "params": {"count": 1, "invoices": "26312000000000000009"}}', '', 15, 1),
	(22, '2026-11-28 13:33:59+00', 'create', 'draft', '{"code": "bills.was_created", "params": {}}', '', 19, 1),
	(23, '2026-11-28 13:33:59+00', 'submit', 'draft', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(24, '2026-11-28 13:33:59+00', 'approve', 'submitted', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(25, '2026-11-28 13:33:59+00', 'book', 'approved', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(26, '2026-11-28 13:33:59+00', 'reject', 'booked', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(27, '2026-11-28 13:33:59+00', 'withdraw', 'rejected', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(28, '2026-11-28 13:33:59+00', 'unapprove', 'withdrawn', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(29, '2026-11-28 13:33:59+00', 'unbook', 'discarded', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(30, '2026-11-28 13:33:59+00', 'discard', 'draft', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(31, '2026-11-28 13:33:59+00', 'reopen', 'submitted', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(32, '2026-11-28 13:33:59+00', 'upstream', 'approved', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(33, '2026-11-28 13:33:59+00', 'cover', 'booked', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(34, '2026-11-28 13:33:59+00', 'assistant', 'rejected', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(35, '2026-11-28 13:33:59+00', 'override', 'withdrawn', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(36, '2026-11-28 13:33:59+00', 'adjust', 'discarded', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(37, '2026-11-28 13:33:59+00', 'pick', 'draft', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(38, '2026-11-28 13:33:59+00', 'release', 'submitted', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(39, '2026-11-28 13:33:59+00', 'entry', 'approved', '{"code": "bills.was_created", "params": {}}', '', 7, 1),
	(40, '2026-11-28 13:33:59+00', 'create', 'booked', '{"code": "bills.was_created", "params": {}}', '', 7, 1);
INSERT INTO public.bills_checksetting VALUES
	(1, 'title', '', 'warn', 3, '{甲方名单}', 3),
	(2, 'title', 'Tra', 'block', NULL, '{甲}', NULL),
	(3, 'sensitive', 'BizOut', 'off', NULL, '{}', 3),
	(4, 'title', '', 'off', 0, '{}', NULL),
	(5, 'tax_number', 'expense', 'note', 1, '{}', NULL),
	(6, 'tax_number_missing', 'Tra', 'warn', 2, '{}', NULL),
	(7, 'verification_failed', 'Pur', 'block', 3, '{}', NULL),
	(8, 'verification_missing', 'BizOut', 'off', 4, '{}', NULL),
	(9, 'used_elsewhere', 'REIMBURSE', 'note', 5, '{}', NULL),
	(10, 'invalid', 'CORP_REIMBURSE', 'warn', 6, '{}', NULL),
	(11, 'doubtful', '', 'block', 7, '{}', NULL),
	(12, 'personal', 'expense', 'off', 8, '{}', NULL),
	(13, 'other_year', 'Tra', 'note', 9, '{}', NULL),
	(14, 'too_old', 'Pur', 'warn', 10, '{}', NULL),
	(15, 'consecutive', 'BizOut', 'block', 11, '{}', NULL),
	(16, 'blacklist', 'REIMBURSE', 'off', 12, '{}', NULL),
	(17, 'payee', 'CORP_REIMBURSE', 'note', 13, '{}', NULL),
	(18, 'machine_number', '', 'warn', 14, '{}', NULL),
	(19, 'sum', 'expense', 'block', 15, '{}', NULL),
	(20, 'input_tax', 'Tra', 'off', 16, '{}', NULL),
	(21, 'edited', 'Pur', 'note', 17, '{}', NULL),
	(22, 'sensitive', 'BizOut', 'warn', 18, '{}', NULL);
INSERT INTO public.bills_checksettingevent VALUES
	(1, '2026-11-28 13:33:53+00', 'insert', 1, 'title', '', 'warn', NULL, '{甲方名单}', 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 1),
	(2, '2026-11-28 13:33:53+00', 'update', 1, 'title', '', 'warn', 3, '{甲方名单}', 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 1),
	(3, '2026-11-28 13:33:56+00', 'insert', 2, 'title', 'Tra', 'block', NULL, '{甲}', NULL, NULL, 2),
	(4, '2026-11-28 13:33:56+00', 'insert', 3, 'sensitive', 'BizOut', 'off', NULL, '{}', 3, NULL, 3),
	(5, '2026-11-28 13:33:59+00', 'insert', 4, 'title', '', 'off', 0, '{}', NULL, NULL, 4),
	(6, '2026-11-28 13:33:59+00', 'insert', 5, 'tax_number', 'expense', 'note', 1, '{}', NULL, NULL, 5),
	(7, '2026-11-28 13:33:59+00', 'insert', 6, 'tax_number_missing', 'Tra', 'warn', 2, '{}', NULL, NULL, 6),
	(8, '2026-11-28 13:33:59+00', 'insert', 7, 'verification_failed', 'Pur', 'block', 3, '{}', NULL, NULL, 7),
	(9, '2026-11-28 13:33:59+00', 'insert', 8, 'verification_missing', 'BizOut', 'off', 4, '{}', NULL, NULL, 8),
	(10, '2026-11-28 13:33:59+00', 'insert', 9, 'used_elsewhere', 'REIMBURSE', 'note', 5, '{}', NULL, NULL, 9),
	(11, '2026-11-28 13:33:59+00', 'insert', 10, 'invalid', 'CORP_REIMBURSE', 'warn', 6, '{}', NULL, NULL, 10),
	(12, '2026-11-28 13:33:59+00', 'insert', 11, 'doubtful', '', 'block', 7, '{}', NULL, NULL, 11),
	(13, '2026-11-28 13:33:59+00', 'insert', 12, 'personal', 'expense', 'off', 8, '{}', NULL, NULL, 12),
	(14, '2026-11-28 13:33:59+00', 'insert', 13, 'other_year', 'Tra', 'note', 9, '{}', NULL, NULL, 13),
	(15, '2026-11-28 13:33:59+00', 'insert', 14, 'too_old', 'Pur', 'warn', 10, '{}', NULL, NULL, 14),
	(16, '2026-11-28 13:33:59+00', 'insert', 15, 'consecutive', 'BizOut', 'block', 11, '{}', NULL, NULL, 15),
	(17, '2026-11-28 13:33:59+00', 'insert', 16, 'blacklist', 'REIMBURSE', 'off', 12, '{}', NULL, NULL, 16),
	(18, '2026-11-28 13:33:59+00', 'insert', 17, 'payee', 'CORP_REIMBURSE', 'note', 13, '{}', NULL, NULL, 17),
	(19, '2026-11-28 13:33:59+00', 'insert', 18, 'machine_number', '', 'warn', 14, '{}', NULL, NULL, 18),
	(20, '2026-11-28 13:33:59+00', 'insert', 19, 'sum', 'expense', 'block', 15, '{}', NULL, NULL, 19),
	(21, '2026-11-28 13:33:59+00', 'insert', 20, 'input_tax', 'Tra', 'off', 16, '{}', NULL, NULL, 20),
	(22, '2026-11-28 13:33:59+00', 'insert', 21, 'edited', 'Pur', 'note', 17, '{}', NULL, NULL, 21),
	(23, '2026-11-28 13:33:59+00', 'insert', 22, 'sensitive', 'BizOut', 'warn', 18, '{}', NULL, NULL, 22);
INSERT INTO public.bills_complianceoverride VALUES
	(1, 'title', '0000000000000000000000000000000000000000000000000000000000000000', '{"code": "http.timeout", "params": {"host": "甲方"}}', '甲方放行理由', '2026-03-02 01:00:00+00', '2026-11-28 13:33:53+00', 7, 9, 7, 1),
	(2, 'title', '0000000000000000000000000000000000000000000000000000000000000000', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(3, 'tax_number', '0000000000000000000000000000000000000000000000000000000000000001', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(4, 'tax_number_missing', '0000000000000000000000000000000000000000000000000000000000000002', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(5, 'verification_failed', '0000000000000000000000000000000000000000000000000000000000000003', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(6, 'verification_missing', '0000000000000000000000000000000000000000000000000000000000000004', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(7, 'used_elsewhere', '0000000000000000000000000000000000000000000000000000000000000005', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(8, 'invalid', '0000000000000000000000000000000000000000000000000000000000000006', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(9, 'doubtful', '0000000000000000000000000000000000000000000000000000000000000007', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(10, 'personal', '0000000000000000000000000000000000000000000000000000000000000008', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(11, 'other_year', '0000000000000000000000000000000000000000000000000000000000000009', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(12, 'too_old', '000000000000000000000000000000000000000000000000000000000000000a', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(13, 'consecutive', '000000000000000000000000000000000000000000000000000000000000000b', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(14, 'blacklist', '000000000000000000000000000000000000000000000000000000000000000c', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(15, 'payee', '000000000000000000000000000000000000000000000000000000000000000d', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(16, 'machine_number', '000000000000000000000000000000000000000000000000000000000000000e', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(17, 'sum', '000000000000000000000000000000000000000000000000000000000000000f', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(18, 'input_tax', '0000000000000000000000000000000000000000000000000000000000000010', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(19, 'edited', '0000000000000000000000000000000000000000000000000000000000000011', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL),
	(20, 'sensitive', '0000000000000000000000000000000000000000000000000000000000000012', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL);
INSERT INTO public.bills_complianceoverrideevent VALUES
	(1, '2026-11-28 13:33:52+00', 'insert', 1, 'title', '0000000000000000000000000000000000000000000000000000000000000000', '{"code": "http.timeout", "params": {"host": "甲方"}}', '甲方放行理由', '2026-03-02 01:00:00+00', NULL, 7, 9, 7, '1d25f47d-442a-429b-9d46-e6658a21d669', 1, NULL),
	(2, '2026-11-28 13:33:53+00', 'update', 1, 'title', '0000000000000000000000000000000000000000000000000000000000000000', '{"code": "http.timeout", "params": {"host": "甲方"}}', '甲方放行理由', '2026-03-02 01:00:00+00', '2026-11-28 13:33:53+00', 7, 9, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 1, 1),
	(3, '2026-11-28 13:33:59+00', 'insert', 2, 'title', '0000000000000000000000000000000000000000000000000000000000000000', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 2, NULL),
	(4, '2026-11-28 13:33:59+00', 'insert', 3, 'tax_number', '0000000000000000000000000000000000000000000000000000000000000001', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 3, NULL),
	(5, '2026-11-28 13:33:59+00', 'insert', 4, 'tax_number_missing', '0000000000000000000000000000000000000000000000000000000000000002', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 4, NULL),
	(6, '2026-11-28 13:33:59+00', 'insert', 5, 'verification_failed', '0000000000000000000000000000000000000000000000000000000000000003', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 5, NULL),
	(7, '2026-11-28 13:33:59+00', 'insert', 6, 'verification_missing', '0000000000000000000000000000000000000000000000000000000000000004', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 6, NULL),
	(8, '2026-11-28 13:33:59+00', 'insert', 7, 'used_elsewhere', '0000000000000000000000000000000000000000000000000000000000000005', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 7, NULL),
	(9, '2026-11-28 13:33:59+00', 'insert', 8, 'invalid', '0000000000000000000000000000000000000000000000000000000000000006', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 8, NULL),
	(10, '2026-11-28 13:33:59+00', 'insert', 9, 'doubtful', '0000000000000000000000000000000000000000000000000000000000000007', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 9, NULL),
	(11, '2026-11-28 13:33:59+00', 'insert', 10, 'personal', '0000000000000000000000000000000000000000000000000000000000000008', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 10, NULL),
	(12, '2026-11-28 13:33:59+00', 'insert', 11, 'other_year', '0000000000000000000000000000000000000000000000000000000000000009', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 11, NULL),
	(13, '2026-11-28 13:33:59+00', 'insert', 12, 'too_old', '000000000000000000000000000000000000000000000000000000000000000a', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 12, NULL),
	(14, '2026-11-28 13:33:59+00', 'insert', 13, 'consecutive', '000000000000000000000000000000000000000000000000000000000000000b', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 13, NULL),
	(15, '2026-11-28 13:33:59+00', 'insert', 14, 'blacklist', '000000000000000000000000000000000000000000000000000000000000000c', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 14, NULL),
	(16, '2026-11-28 13:33:59+00', 'insert', 15, 'payee', '000000000000000000000000000000000000000000000000000000000000000d', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 15, NULL),
	(17, '2026-11-28 13:33:59+00', 'insert', 16, 'machine_number', '000000000000000000000000000000000000000000000000000000000000000e', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 16, NULL),
	(18, '2026-11-28 13:33:59+00', 'insert', 17, 'sum', '000000000000000000000000000000000000000000000000000000000000000f', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 17, NULL),
	(19, '2026-11-28 13:33:59+00', 'insert', 18, 'input_tax', '0000000000000000000000000000000000000000000000000000000000000010', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 18, NULL),
	(20, '2026-11-28 13:33:59+00', 'insert', 19, 'edited', '0000000000000000000000000000000000000000000000000000000000000011', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 19, NULL),
	(21, '2026-11-28 13:33:59+00', 'insert', 20, 'sensitive', '0000000000000000000000000000000000000000000000000000000000000012', '{"code": "http.timeout", "params": {"host": "h"}}', '行', '2026-03-02 01:00:00+00', NULL, 7, 9, 1, NULL, 20, NULL);
INSERT INTO public.bills_holdpolicy VALUES
	(2, 'expense', false, NULL),
	(3, 'Tra', false, NULL),
	(4, 'Pur', false, NULL),
	(5, 'BizOut', false, NULL),
	(6, 'REIMBURSE', false, NULL),
	(7, 'CORP_REIMBURSE', false, NULL),
	(8, '', true, NULL);
INSERT INTO public.bills_holdpolicyevent VALUES
	(1, '2026-11-28 13:33:53+00', 'insert', 1, '', true, 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 1),
	(2, '2026-11-28 13:33:53+00', 'update', 1, '', false, 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 1),
	(3, '2026-11-28 13:33:56+00', 'insert', 2, 'expense', false, NULL, NULL, 2),
	(4, '2026-11-28 13:33:56+00', 'insert', 3, 'Tra', false, NULL, NULL, 3),
	(5, '2026-11-28 13:33:56+00', 'insert', 4, 'Pur', false, NULL, NULL, 4),
	(6, '2026-11-28 13:33:56+00', 'insert', 5, 'BizOut', false, NULL, NULL, 5),
	(7, '2026-11-28 13:33:56+00', 'insert', 6, 'REIMBURSE', false, NULL, NULL, 6),
	(8, '2026-11-28 13:33:56+00', 'insert', 7, 'CORP_REIMBURSE', false, NULL, NULL, 7),
	(9, '2026-11-28 13:33:56+00', 'insert', 8, '', true, NULL, NULL, 8);
INSERT INTO public.bills_invoiceuse VALUES
	(1, 21152.98, NULL, NULL, '', 'held', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 1, NULL, 1, NULL, NULL),
	(2, 2420.62, NULL, NULL, '', 'held', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 1, NULL, 4, NULL, NULL),
	(6, 324.23, NULL, NULL, '', 'booked', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 3, 1, 2, 1, NULL),
	(7, 2024.33, NULL, NULL, '', 'used', false, false, '2026-11-28 13:33:43+00', NULL, false, '', 6, NULL, 7, NULL, NULL),
	(8, 113.00, true, 6.00, '甲方转出', 'held', false, false, '2026-03-02 01:00:00+00', NULL, false, '甲方放行', 7, 4, 9, 7, NULL),
	(10, 113.00, false, NULL, '', 'held', false, false, '2026-11-28 13:33:57+00', NULL, false, '', 15, 7, 29, 1, NULL),
	(11, 113.00, false, NULL, '', 'held', false, false, '2026-11-28 13:33:57+00', NULL, false, '', 15, 7, 30, 1, NULL),
	(9, 113.00, false, NULL, '', 'released', false, false, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', false, '', 15, 7, 28, 1, 1),
	(12, 50.00, NULL, NULL, '', 'held', true, false, '2026-03-02 01:00:00+00', NULL, false, '', 16, NULL, 27, 1, NULL),
	(13, 60.00, NULL, NULL, '', 'held', true, false, '2026-03-02 01:00:00+00', NULL, false, '', 17, NULL, 27, 1, NULL),
	(14, 200.00, NULL, NULL, '', 'held', false, true, '2026-03-02 01:00:00+00', NULL, false, '', 18, NULL, 27, NULL, NULL),
	(15, 113.00, NULL, NULL, '', 'held', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 32, NULL, NULL),
	(16, 113.00, NULL, NULL, '', 'used', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 33, NULL, NULL),
	(17, 113.00, NULL, NULL, '', 'booked', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 34, NULL, NULL),
	(18, 113.00, NULL, NULL, '', 'released', false, false, '2026-03-02 01:00:00+00', NULL, true, '', 7, 4, 35, NULL, NULL);
INSERT INTO public.bills_invoiceuseevent VALUES
	(1, '2026-11-28 13:33:39+00', 'insert', 1, 21152.98, NULL, NULL, '', 'held', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 1, NULL, 1, NULL, 1, NULL, NULL),
	(2, '2026-11-28 13:33:39+00', 'insert', 2, 2420.62, NULL, NULL, '', 'held', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 1, NULL, 4, NULL, 2, NULL, NULL),
	(6, '2026-11-28 13:33:40+00', 'insert', 6, 324.23, NULL, NULL, '', 'held', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 3, 1, 2, NULL, 6, 1, NULL),
	(7, '2026-11-28 13:33:40+00', 'update', 6, 324.23, NULL, NULL, '', 'used', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 3, 1, 2, NULL, 6, 1, NULL),
	(8, '2026-11-28 13:33:40+00', 'update', 6, 324.23, NULL, NULL, '', 'booked', false, false, '2026-11-28 13:33:40+00', NULL, false, '', 3, 1, 2, NULL, 6, 1, NULL),
	(9, '2026-11-28 13:33:43+00', 'insert', 7, 2024.33, NULL, NULL, '', 'used', false, false, '2026-11-28 13:33:43+00', NULL, false, '', 6, NULL, 7, NULL, 7, NULL, NULL),
	(10, '2026-11-28 13:33:52+00', 'insert', 8, 113.00, NULL, NULL, '甲方转出', 'held', false, false, '2026-03-02 01:00:00+00', NULL, false, '甲方放行', 7, 4, 9, '1d25f47d-442a-429b-9d46-e6658a21d669', 8, 7, NULL),
	(11, '2026-11-28 13:33:53+00', 'update', 8, 113.00, true, 6.00, '甲方转出', 'held', false, false, '2026-03-02 01:00:00+00', NULL, false, '甲方放行', 7, 4, 9, 'b4b33b8d-0327-478c-bc21-01263782f908', 8, 7, NULL),
	(12, '2026-11-28 13:33:56+00', 'insert', 9, 113.00, false, NULL, '', 'held', false, false, '2026-11-28 13:33:57+00', NULL, false, '', 15, 7, 28, NULL, 9, 1, NULL),
	(13, '2026-11-28 13:33:56+00', 'insert', 10, 113.00, false, NULL, '', 'held', false, false, '2026-11-28 13:33:57+00', NULL, false, '', 15, 7, 29, NULL, 10, 1, NULL),
	(14, '2026-11-28 13:33:56+00', 'insert', 11, 113.00, false, NULL, '', 'held', false, false, '2026-11-28 13:33:57+00', NULL, false, '', 15, 7, 30, NULL, 11, 1, NULL),
	(15, '2026-11-28 13:33:57+00', 'update', 9, 113.00, false, NULL, '', 'released', false, false, '2026-11-28 13:33:57+00', '2026-11-28 13:33:57+00', false, '', 15, 7, 28, NULL, 9, 1, 1),
	(16, '2026-11-28 13:33:57+00', 'insert', 12, 50.00, NULL, NULL, '', 'held', true, false, '2026-03-02 01:00:00+00', NULL, false, '', 16, NULL, 27, NULL, 12, 1, NULL),
	(17, '2026-11-28 13:33:57+00', 'insert', 13, 60.00, NULL, NULL, '', 'held', true, false, '2026-03-02 01:00:00+00', NULL, false, '', 17, NULL, 27, NULL, 13, 1, NULL),
	(18, '2026-11-28 13:33:57+00', 'insert', 14, 200.00, NULL, NULL, '', 'held', false, true, '2026-03-02 01:00:00+00', NULL, false, '', 18, NULL, 27, NULL, 14, NULL, NULL),
	(19, '2026-11-28 13:33:59+00', 'insert', 15, 113.00, NULL, NULL, '', 'held', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 32, NULL, 15, NULL, NULL),
	(20, '2026-11-28 13:33:59+00', 'insert', 16, 113.00, NULL, NULL, '', 'used', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 33, NULL, 16, NULL, NULL),
	(21, '2026-11-28 13:33:59+00', 'insert', 17, 113.00, NULL, NULL, '', 'booked', false, false, '2026-03-02 01:00:00+00', NULL, false, '', 7, 4, 34, NULL, 17, NULL, NULL),
	(22, '2026-11-28 13:33:59+00', 'insert', 18, 113.00, NULL, NULL, '', 'released', false, false, '2026-03-02 01:00:00+00', NULL, true, '', 7, 4, 35, NULL, 18, NULL, NULL);
INSERT INTO public.bills_upstreamlisting VALUES
	(1, '2026-11-LIVE-0001', '1dc57188ccb20bcb9a37b520422203823', 'unused', '', '', '2026-11-28 13:33:43+00', 1, 5),
	(4, '2026-BILL-000001', 'aa634d946abbca43429dd1ae7cb177046', 'used', '', '', '2026-11-28 13:33:43+00', 7, 5),
	(2, '2026-11-LIVE-0001', 'eeea26dfd5010c003b3c8fd90fc00eef0', 'unused', '', '', '2026-11-28 13:33:43+00', 4, 5),
	(6, '甲方BXa2ca93', '甲方-l', 'unknown', '甲方', '', '2026-03-02 01:00:00+00', 10, 6),
	(7, 'L0', 'L0', 'unused', '', '', '2026-03-02 01:00:00+00', 31, 6),
	(8, 'L1', 'L1', 'held', '', '', '2026-03-02 01:00:00+00', 31, 6),
	(9, 'L2', 'L2', 'used', '', '', '2026-03-02 01:00:00+00', 31, 6),
	(10, 'L3', 'L3', 'booked', '', '', '2026-03-02 01:00:00+00', 31, 6),
	(11, 'L4', 'L4', 'unknown', '', '', '2026-03-02 01:00:00+00', 31, 6);
INSERT INTO public.bills_upstreamposition VALUES
	(4, '2026-11-28 13:33:42+00', 4),
	(5, '2026-11-28 13:33:42+00', 4);
INSERT INTO public.core_keptreply VALUES
	(1, 'key-1', '7e74e11f51d80d43f1b87e9431ae0c366d0b9ed5301a0eeda817a24a84002dba', 201, '{"id": 19, "type": "expense", "uses": [], "payee": "", "state": "draft", "title": "经接口", "amount": null, "number": "BX202611000019", "origin": "own", "source": null, "bxd_key": "f987d5a86a80dfe141add5889f3e1c7f", "company": "913100000000000000", "entries": [], "currency": "CNY", "employee": "", "revision": 2, "timeline": [{"at": "2026-11-28T21:33:59.475020+08:00", "user": "admin", "state": "draft", "action": "create", "reason": "", "message": {"code": "bills.was_created", "text": "已新建。"}}], "bill_date": "2026-11-28", "booked_at": null, "created_at": "2026-11-28T21:33:59.461858+08:00", "department": "", "updated_at": "2026-11-28T21:33:59.470965+08:00", "approved_at": null, "differences": null, "submitted_at": null, "upstream_state": "", "upstream_seen_at": null}', '2026-11-28 13:33:59+00', 1),
	(2, 'key-2', '0000000000000000000000000000000000000000000000000000000000000000', 201, '{"id": 1, "title": "x"}', '2026-11-28 13:33:59+00', 1);
INSERT INTO public.django_admin_log VALUES
	(1, '2026-11-28 13:33:59+00', '1', 'one', 2, '[]', 33, 1),
	(2, '2026-11-28 13:33:59+00', '1', 'one', 2, '[]', 37, 1),
	(3, '2026-11-28 13:33:59+00', '1', 'one', 2, '[]', 21, 1),
	(4, '2026-11-28 13:33:59+00', '1', 'one', 2, '[]', 11, 1);
INSERT INTO public.django_content_type VALUES
	(1, 'pghistory', 'events'),
	(2, 'pghistory', 'middlewareevents'),
	(3, 'accounts', 'user'),
	(4, 'accounts', 'userevent'),
	(5, 'accounts', 'company'),
	(6, 'accounts', 'companyevent'),
	(7, 'accounts', 'userrole'),
	(8, 'accounts', 'userroleevent'),
	(9, 'accounts', 'usercompany'),
	(10, 'accounts', 'usercompanyevent'),
	(11, 'sources', 'source'),
	(12, 'sources', 'sourceevent'),
	(13, 'sources', 'sourcestate'),
	(14, 'sources', 'cursor'),
	(15, 'sources', 'syncrun'),
	(16, 'sources', 'rawrecord'),
	(17, 'sources', 'quarantinedrecord'),
	(18, 'invoices', 'party'),
	(19, 'invoices', 'invoice'),
	(20, 'invoices', 'invoiceline'),
	(21, 'invoices', 'sighting'),
	(22, 'invoices', 'alias'),
	(23, 'invoices', 'samedocument'),
	(24, 'invoices', 'standing'),
	(25, 'invoices', 'fieldconflict'),
	(26, 'bills', 'assistantsession'),
	(27, 'bills', 'assistantmessage'),
	(28, 'bills', 'checksetting'),
	(29, 'bills', 'checksettingevent'),
	(30, 'bills', 'complianceoverride'),
	(31, 'bills', 'complianceoverrideevent'),
	(32, 'bills', 'billcover'),
	(33, 'bills', 'bill'),
	(34, 'bills', 'billevent'),
	(35, 'bills', 'billentry'),
	(36, 'bills', 'billentryevent'),
	(37, 'bills', 'invoiceuse'),
	(38, 'bills', 'invoiceuseevent'),
	(39, 'bills', 'billstep'),
	(40, 'bills', 'holdpolicy'),
	(41, 'bills', 'holdpolicyevent'),
	(42, 'bills', 'upstreamlisting'),
	(43, 'bills', 'upstreamposition'),
	(44, 'django_rq', 'dashboard'),
	(45, 'duplicates', 'case'),
	(46, 'duplicates', 'casemember'),
	(47, 'duplicates', 'pair'),
	(48, 'duplicates', 'claim'),
	(49, 'duplicates', 'notduplicate'),
	(50, 'duplicates', 'decision'),
	(51, 'duplicates', 'rulesetting'),
	(52, 'duplicates', 'rulesettingevent'),
	(53, 'duplicates', 'search'),
	(54, 'outbox', 'push'),
	(55, 'outbox', 'pushdecision'),
	(56, 'outbox', 'pushattempt'),
	(57, 'vouchers', 'accountbook'),
	(58, 'vouchers', 'accountbookevent'),
	(59, 'vouchers', 'closedperiod'),
	(60, 'vouchers', 'closedperiodevent'),
	(61, 'vouchers', 'accountmapping'),
	(62, 'vouchers', 'accountmappingevent'),
	(63, 'vouchers', 'voucher'),
	(64, 'vouchers', 'voucherevent'),
	(65, 'vouchers', 'voucherentry'),
	(66, 'vouchers', 'voucherentryevent'),
	(67, 'vouchers', 'voucherinvoice'),
	(68, 'vouchers', 'voucherinvoiceevent'),
	(69, 'vouchers', 'voucherbill'),
	(70, 'vouchers', 'voucherbillevent'),
	(71, 'vouchers', 'redfinding'),
	(72, 'vouchers', 'redfindingevent'),
	(73, 'vouchers', 'voucherimport'),
	(74, 'vouchers', 'alarmwatermark'),
	(75, 'admin', 'logentry'),
	(76, 'auth', 'permission'),
	(77, 'auth', 'group'),
	(78, 'contenttypes', 'contenttype'),
	(79, 'sessions', 'session'),
	(80, 'account', 'emailaddress'),
	(81, 'account', 'emailconfirmation'),
	(82, 'mfa', 'authenticator'),
	(83, 'axes', 'accessattempt'),
	(84, 'axes', 'accesslog'),
	(85, 'axes', 'accessfailurelog'),
	(86, 'axes', 'accessattemptexpiration'),
	(87, 'knox', 'authtoken'),
	(88, 'pghistory', 'context'),
	(89, 'core', 'keptreply');
INSERT INTO public.django_migrations VALUES
	(1, 'pghistory', '0001_initial', '2026-11-28 13:11:27+00'),
	(2, 'pghistory', '0002_aggregateevent', '2026-11-28 13:11:27+00'),
	(3, 'pghistory', '0003_auto_20201023_1636', '2026-11-28 13:11:27+00'),
	(4, 'pghistory', '0004_auto_20220906_1625', '2026-11-28 13:11:27+00'),
	(5, 'pghistory', '0005_events_middlewareevents', '2026-11-28 13:11:27+00'),
	(6, 'pghistory', '0006_delete_aggregateevent', '2026-11-28 13:11:27+00'),
	(7, 'pghistory', '0007_auto_20250421_0444', '2026-11-28 13:11:27+00'),
	(8, 'contenttypes', '0001_initial', '2026-11-28 13:11:27+00'),
	(9, 'contenttypes', '0002_remove_content_type_name', '2026-11-28 13:11:27+00'),
	(10, 'auth', '0001_initial', '2026-11-28 13:11:27+00'),
	(11, 'auth', '0002_alter_permission_name_max_length', '2026-11-28 13:11:27+00'),
	(12, 'auth', '0003_alter_user_email_max_length', '2026-11-28 13:11:27+00'),
	(13, 'auth', '0004_alter_user_username_opts', '2026-11-28 13:11:27+00'),
	(14, 'auth', '0005_alter_user_last_login_null', '2026-11-28 13:11:27+00'),
	(15, 'auth', '0006_require_contenttypes_0002', '2026-11-28 13:11:27+00'),
	(16, 'auth', '0007_alter_validators_add_error_messages', '2026-11-28 13:11:27+00'),
	(17, 'auth', '0008_alter_user_username_max_length', '2026-11-28 13:11:27+00'),
	(18, 'auth', '0009_alter_user_last_name_max_length', '2026-11-28 13:11:27+00'),
	(19, 'auth', '0010_alter_group_name_max_length', '2026-11-28 13:11:27+00'),
	(20, 'auth', '0011_update_proxy_permissions', '2026-11-28 13:11:27+00'),
	(21, 'auth', '0012_alter_user_first_name_max_length', '2026-11-28 13:11:27+00'),
	(22, 'accounts', '0001_initial', '2026-11-28 13:11:27+00'),
	(23, 'account', '0001_initial', '2026-11-28 13:11:27+00'),
	(24, 'account', '0002_email_max_length', '2026-11-28 13:11:27+00'),
	(25, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-28 13:11:27+00'),
	(26, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-28 13:11:27+00'),
	(27, 'account', '0005_emailaddress_idx_upper_email', '2026-11-28 13:11:28+00'),
	(28, 'account', '0006_emailaddress_lower', '2026-11-28 13:11:28+00'),
	(29, 'account', '0007_emailaddress_idx_email', '2026-11-28 13:11:28+00'),
	(30, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-28 13:11:28+00'),
	(31, 'account', '0009_emailaddress_unique_primary_email', '2026-11-28 13:11:28+00'),
	(32, 'accounts', '0002_roles', '2026-11-28 13:11:28+00'),
	(33, 'accounts', '0003_role_history', '2026-11-28 13:11:28+00'),
	(34, 'admin', '0001_initial', '2026-11-28 13:11:28+00'),
	(35, 'admin', '0002_logentry_remove_auto_add', '2026-11-28 13:11:28+00'),
	(36, 'admin', '0003_logentry_add_action_flag_choices', '2026-11-28 13:11:28+00'),
	(37, 'axes', '0001_initial', '2026-11-28 13:11:28+00'),
	(38, 'axes', '0002_auto_20151217_2044', '2026-11-28 13:11:28+00'),
	(39, 'axes', '0003_auto_20160322_0929', '2026-11-28 13:11:28+00'),
	(40, 'axes', '0004_auto_20181024_1538', '2026-11-28 13:11:28+00'),
	(41, 'axes', '0005_remove_accessattempt_trusted', '2026-11-28 13:11:28+00'),
	(42, 'axes', '0006_remove_accesslog_trusted', '2026-11-28 13:11:28+00'),
	(43, 'axes', '0007_alter_accessattempt_unique_together', '2026-11-28 13:11:28+00'),
	(44, 'axes', '0008_accessfailurelog', '2026-11-28 13:11:28+00'),
	(45, 'axes', '0009_add_session_hash', '2026-11-28 13:11:28+00'),
	(46, 'axes', '0010_accessattemptexpiration', '2026-11-28 13:11:28+00'),
	(47, 'sources', '0001_initial', '2026-11-28 13:11:29+00'),
	(48, 'sources', '0002_permissions', '2026-11-28 13:11:29+00'),
	(49, 'sources', '0003_lists', '2026-11-28 13:11:29+00'),
	(50, 'invoices', '0001_initial', '2026-11-28 13:11:29+00'),
	(51, 'invoices', '0002_initial', '2026-11-28 13:11:30+00'),
	(52, 'invoices', '0003_permissions', '2026-11-28 13:11:30+00'),
	(53, 'invoices', '0004_facets', '2026-11-28 13:11:30+00'),
	(54, 'invoices', '0005_duplicate_search', '2026-11-28 13:11:30+00'),
	(55, 'invoices', '0006_standing', '2026-11-28 13:11:30+00'),
	(56, 'invoices', '0007_duplicate_halves', '2026-11-28 13:11:30+00'),
	(57, 'invoices', '0008_period', '2026-11-28 13:11:30+00'),
	(58, 'bills', '0001_initial', '2026-11-28 13:11:32+00'),
	(59, 'bills', '0002_permissions', '2026-11-28 13:11:32+00'),
	(60, 'bills', '0003_words', '2026-11-28 13:11:33+00'),
	(61, 'bills', '0004_compliance', '2026-11-28 13:11:34+00'),
	(62, 'bills', '0005_check_permissions', '2026-11-28 13:11:34+00'),
	(63, 'bills', '0006_assistant', '2026-11-28 13:11:35+00'),
	(64, 'bills', '0007_assistant_permissions', '2026-11-28 13:11:35+00'),
	(65, 'bills', '0008_cover', '2026-11-28 13:11:35+00'),
	(66, 'bills', '0009_exclusive_amounts', '2026-11-28 13:11:35+00'),
	(67, 'bills', '0010_assistant_unticked', '2026-11-28 13:11:36+00'),
	(68, 'bills', '0011_input_tax_check', '2026-11-28 13:11:36+00'),
	(69, 'bills', '0012_lists', '2026-11-28 13:11:36+00'),
	(70, 'bills', '0013_stamp_changes', '2026-11-28 13:11:36+00'),
	(71, 'core', '0001_initial', '2026-11-28 13:11:37+00'),
	(72, 'django_rq', '0001_initial', '2026-11-28 13:11:37+00'),
	(73, 'django_rq', '0002_delete_queue_create_dashboard', '2026-11-28 13:11:37+00'),
	(74, 'django_rq', '0003_alter_dashboard_permission_names', '2026-11-28 13:11:37+00'),
	(75, 'duplicates', '0001_initial', '2026-11-28 13:11:38+00'),
	(76, 'duplicates', '0002_permissions', '2026-11-28 13:11:38+00'),
	(77, 'duplicates', '0003_by_total', '2026-11-28 13:11:38+00'),
	(78, 'duplicates', '0004_claims_of_bills', '2026-11-28 13:11:39+00'),
	(79, 'duplicates', '0005_lists', '2026-11-28 13:11:39+00'),
	(80, 'duplicates', '0006_stamp_changes', '2026-11-28 13:11:39+00'),
	(81, 'duplicates', '0007_rules', '2026-11-28 13:11:39+00'),
	(82, 'knox', '0001_initial', '2026-11-28 13:11:39+00'),
	(83, 'knox', '0002_auto_20150916_1425', '2026-11-28 13:11:39+00'),
	(84, 'knox', '0003_auto_20150916_1526', '2026-11-28 13:11:39+00'),
	(85, 'knox', '0004_authtoken_expires', '2026-11-28 13:11:39+00'),
	(86, 'knox', '0005_authtoken_token_key', '2026-11-28 13:11:39+00'),
	(87, 'knox', '0006_auto_20160818_0932', '2026-11-28 13:11:40+00'),
	(88, 'knox', '0007_auto_20190111_0542', '2026-11-28 13:11:40+00'),
	(89, 'knox', '0008_remove_authtoken_salt', '2026-11-28 13:11:40+00'),
	(90, 'knox', '0009_extend_authtoken_field', '2026-11-28 13:11:40+00'),
	(91, 'mfa', '0001_initial', '2026-11-28 13:11:40+00'),
	(92, 'mfa', '0002_authenticator_timestamps', '2026-11-28 13:11:40+00'),
	(93, 'mfa', '0003_authenticator_type_uniq', '2026-11-28 13:11:40+00'),
	(94, 'outbox', '0001_initial', '2026-11-28 13:11:42+00'),
	(95, 'outbox', '0002_permissions', '2026-11-28 13:11:43+00'),
	(96, 'outbox', '0003_decisions', '2026-11-28 13:11:43+00'),
	(97, 'outbox', '0004_lists', '2026-11-28 13:11:44+00'),
	(98, 'sessions', '0001_initial', '2026-11-28 13:11:44+00'),
	(99, 'vouchers', '0001_initial', '2026-11-28 13:11:50+00'),
	(100, 'vouchers', '0002_permissions', '2026-11-28 13:11:51+00'),
	(101, 'vouchers', '0003_lists', '2026-11-28 13:11:52+00');
INSERT INTO public.django_session VALUES
	('ibvbwomp8xd6yaikg3xxjnpmg2rfoq76', '.eJxVjEEOwiAQRe_C2hBggIpL9z0DmWFAqoYmpV0Z765NutDtf-_9l4i4rTVuPS9xYnERWpx-N8L0yG0HfMd2m2Wa27pMJHdFHrTLceb8vB7u30HFXr81gbEYjC62gEZUWYHXKTsFJiS0lIbEDh0NrF1QmTEU70DDmRxa8CzeH-I6N-M:1xXIYv:6E2jVuSuAbadkXq5JgxR3SCzzC2Uoa9R8i4Juh2Y_TY', '2026-12-12 13:33:57+00');
INSERT INTO public.duplicates_case VALUES
	(1, 'suspect', 'certain', 0.992, 'open', '986a9e5f3d414ab7b81a5211d3edf121', 1, '{3}', 113.00, 1, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', NULL, 7, NULL, NULL),
	(2, 'suspect', 'certain', 0.992, 'dismissed', '5c56524a71d043a48d254b38f06688d4', 1, '{3}', 113.00, 1, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', '2026-03-02 01:00:00+00', NULL, 7, NULL),
	(3, 'suspect', 'certain', 0.999, 'merged', '000776667ecc8b6960f677525b15e9bd092e742c04595fe7ee11e03a0ddf6034', 200002, '{4}', 113.00, 2, '2026-11-28 13:33:54+00', '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, 8, 15),
	(4, 'suspect', 'certain', 0.999, 'dismissed', '4c27b0d111689298c61cf93569c57f2f747b809818c64510b0c8183def146bbb', 200002, '{4}', 113.00, 3, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 8, 8, NULL),
	(5, 'suspect', 'certain', 0.999, 'confirmed', '9fc35bf4aa65afd0b98bc2c93d130c6cbf8ce73c888e70d4b127c2f0ee4a72a0', 200002, '{4}', 113.00, 1, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, NULL, NULL),
	(7, 'claim', 'likely', 0.999, 'open', 'b051920fc707631d84106a461ea4ea65d18d0a1aa6583dd3d5155b95aad2702f', 200002, '{4}', 113.00, 3, '2026-11-28 13:33:56+00', '2026-11-28 13:34:00+00', NULL, NULL, NULL, NULL),
	(6, 'suspect', 'possible', 0.999, 'gone', 'a3ff94ef461dac81f12cef1a47f76d6d9802495f5a038fdb448756bf0b9e753b', 200002, '{4}', 113.00, 1, '2026-11-28 13:33:56+00', '2026-11-28 13:34:00+00', NULL, NULL, NULL, NULL);
INSERT INTO public.duplicates_casemember VALUES
	(1, 'E:26312000000000000002', 1, 11),
	(2, 'E:26312000000000000003', 1, 12),
	(3, 'E:26312000000000000004', 2, 13),
	(4, 'E:26312000000000000005', 2, 14),
	(5, 'E:25442000000012345678', 3, 15),
	(6, 'E:25442000000012345878', 3, 16),
	(7, 'E:25442000000022345678', 4, 17),
	(8, 'E:25442000000022345878', 4, 18),
	(9, 'E:25442000000032345678', 5, 19),
	(10, 'E:25442000000032345878', 5, 20),
	(11, 'E:25442000000042345678', 6, 21),
	(12, 'E:25442000000042345878', 6, 22),
	(13, 'E:25442000000052345678', 7, 23),
	(14, 'E:25442000000052345878', 7, 24);
INSERT INTO public.duplicates_claim VALUES
	(1, '甲方-c', '甲方报销人', '甲方部', '甲方单', '', false, 1, 6),
	(2, '甲方-c', '甲方报销人', '甲方部', '甲方单', '', false, 2, 6);
INSERT INTO public.duplicates_decision VALUES
	(1, 'comment', '2026-11-28 13:33:53+00', '甲方评论', '{}', NULL, 1, NULL, 1, NULL, 7),
	(2, 'dismiss', '2026-11-28 13:33:53+00', '', '{}', '4a924f51-fc32-4556-9773-787d6a97565d', 1, NULL, 2, NULL, 7),
	(3, 'merge', '2026-11-28 13:33:55+00', 'same paper', '{"before": {}, "copies": ["E:25442000000012345878"], "survivor": "E:25442000000012345678"}', NULL, 200002, NULL, 3, NULL, 8),
	(4, 'comment', '2026-11-28 13:33:55+00', '看一下', '{}', NULL, 200002, NULL, 4, NULL, 8),
	(5, 'assign', '2026-11-28 13:33:55+00', '请看', '{"to": "reviewer-2"}', NULL, 200002, NULL, 4, NULL, 1),
	(6, 'dismiss', '2026-11-28 13:33:55+00', 'two papers', '{}', NULL, 200002, NULL, 4, NULL, 8),
	(7, 'confirm', '2026-11-28 13:33:56+00', 'too quick', '{}', NULL, 200002, '2026-11-28 13:33:56+00', 7, 8, 8);
INSERT INTO public.duplicates_notduplicate VALUES
	(1, 'E:25442000000022345678', 'E:25442000000022345878', 4);
INSERT INTO public.duplicates_pair VALUES
	(2, '{look_alike}', '{}', 'certain', 0.992, false, 2, 13, 14),
	(3, '{digit_wrong}', '{"number": "near", "issue_date": "equal", "seller_name": "equal", "total_amount": "equal"}', 'certain', 0.999, false, 3, 15, 16),
	(4, '{digit_wrong}', '{"number": "near", "issue_date": "equal", "seller_name": "equal", "total_amount": "equal"}', 'certain', 0.999, false, 4, 17, 18),
	(5, '{digit_wrong}', '{"number": "near", "issue_date": "equal", "seller_name": "equal", "total_amount": "equal"}', 'certain', 0.999, false, 5, 19, 20),
	(1, '{digit_wrong,look_alike,neighbours_swapped,digit_lost,zero_lost,code_lost,code_slip,fields_swapped,number_missing,day_off,month_day_swapped,date_slip,tax_left_out,amount_slip,name_variant,former_name,same_trip,scanned_twice}', '{}', 'certain', 0.992, false, 1, 11, 12),
	(7, '{digit_wrong}', '{"number": "near", "issue_date": "equal", "seller_name": "equal", "total_amount": "equal"}', 'likely', 0.999, false, 7, 23, 24),
	(6, '{digit_wrong}', '{"number": "near", "issue_date": "equal", "seller_name": "equal", "total_amount": "equal"}', 'possible', 0.999, false, 6, 21, 22);
INSERT INTO public.duplicates_rulesetting VALUES
	(1, 'look_alike', true, '{"most": 3}', 3),
	(2, 'digit_wrong', true, '{}', NULL),
	(3, 'look_alike', true, '{}', NULL),
	(4, 'neighbours_swapped', true, '{}', NULL),
	(5, 'digit_lost', true, '{}', NULL),
	(6, 'zero_lost', true, '{}', NULL),
	(7, 'code_lost', true, '{}', NULL),
	(8, 'code_slip', true, '{}', NULL),
	(9, 'fields_swapped', true, '{}', NULL),
	(10, 'number_missing', true, '{}', NULL),
	(11, 'day_off', true, '{}', NULL),
	(12, 'month_day_swapped', true, '{}', NULL),
	(13, 'date_slip', true, '{}', NULL),
	(14, 'tax_left_out', true, '{}', NULL),
	(15, 'amount_slip', true, '{}', NULL),
	(16, 'name_variant', true, '{}', NULL),
	(17, 'former_name', true, '{}', NULL),
	(18, 'same_trip', true, '{}', NULL),
	(19, 'scanned_twice', true, '{}', NULL);
INSERT INTO public.duplicates_rulesettingevent VALUES
	(1, '2026-11-28 13:33:53+00', 'insert', 1, 'look_alike', true, '{}', 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 1),
	(2, '2026-11-28 13:33:53+00', 'update', 1, 'look_alike', true, '{"most": 3}', 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 1),
	(3, '2026-11-28 13:33:59+00', 'insert', 2, 'digit_wrong', true, '{}', NULL, NULL, 2),
	(4, '2026-11-28 13:33:59+00', 'insert', 3, 'look_alike', true, '{}', NULL, NULL, 3),
	(5, '2026-11-28 13:33:59+00', 'insert', 4, 'neighbours_swapped', true, '{}', NULL, NULL, 4),
	(6, '2026-11-28 13:33:59+00', 'insert', 5, 'digit_lost', true, '{}', NULL, NULL, 5),
	(7, '2026-11-28 13:33:59+00', 'insert', 6, 'zero_lost', true, '{}', NULL, NULL, 6),
	(8, '2026-11-28 13:33:59+00', 'insert', 7, 'code_lost', true, '{}', NULL, NULL, 7),
	(9, '2026-11-28 13:33:59+00', 'insert', 8, 'code_slip', true, '{}', NULL, NULL, 8),
	(10, '2026-11-28 13:33:59+00', 'insert', 9, 'fields_swapped', true, '{}', NULL, NULL, 9),
	(11, '2026-11-28 13:33:59+00', 'insert', 10, 'number_missing', true, '{}', NULL, NULL, 10),
	(12, '2026-11-28 13:33:59+00', 'insert', 11, 'day_off', true, '{}', NULL, NULL, 11),
	(13, '2026-11-28 13:33:59+00', 'insert', 12, 'month_day_swapped', true, '{}', NULL, NULL, 12),
	(14, '2026-11-28 13:33:59+00', 'insert', 13, 'date_slip', true, '{}', NULL, NULL, 13),
	(15, '2026-11-28 13:33:59+00', 'insert', 14, 'tax_left_out', true, '{}', NULL, NULL, 14),
	(16, '2026-11-28 13:33:59+00', 'insert', 15, 'amount_slip', true, '{}', NULL, NULL, 15),
	(17, '2026-11-28 13:33:59+00', 'insert', 16, 'name_variant', true, '{}', NULL, NULL, 16),
	(18, '2026-11-28 13:33:59+00', 'insert', 17, 'former_name', true, '{}', NULL, NULL, 17),
	(19, '2026-11-28 13:33:59+00', 'insert', 18, 'same_trip', true, '{}', NULL, NULL, 18),
	(20, '2026-11-28 13:33:59+00', 'insert', 19, 'scanned_twice', true, '{}', NULL, NULL, 19);
INSERT INTO public.duplicates_search VALUES
	(1, 'changed', '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 6, 0, 0, 0, 200000, '2026-11-28 13:33:40+00', 4, ''),
	(3, 'changed', '2026-11-28 13:33:54+00', '2026-11-28 13:33:55+00', 7, 1, 1, 0, 200002, '2026-11-28 13:33:54+00', 16, ''),
	(4, 'changed', '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 4, 1, 1, 0, 200002, '2026-11-28 13:33:55+00', 18, ''),
	(5, 'changed', '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 2, 3, 1, 0, 200002, '2026-11-28 13:33:55+00', 20, ''),
	(6, 'changed', '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 2, 5, 1, 0, 200002, '2026-11-28 13:33:56+00', 22, ''),
	(7, 'all', '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 2, 7, 1, 0, 200002, '2026-11-28 13:33:56+00', 24, ''),
	(2, 'changed', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 987123, 0, 0, 0, 0, NULL, 0, '');
INSERT INTO public.invoices_alias VALUES
	(1, 'C:033012610011:85497306', 1),
	(2, 'C:044032610012:09104104', 2),
	(3, 'C:061012610004:23693907', 3),
	(4, 'E:26312000000001152019', 4),
	(6, 'E:26372000000619186008', 5),
	(10, 'C:032052610005:47300705', 6),
	(11, 'E:26322000000473287975', 6),
	(26, 'C:3302261110:70907503', 7),
	(27, 'E:26322000000327389942', 8),
	(32, 'E:25442000000012345678', 15),
	(35, 'E:25442000000012345878', 15),
	(36, 'E:25442000000022345678', 17),
	(37, 'E:25442000000022345878', 18),
	(38, 'E:25442000000032345678', 19),
	(39, 'E:25442000000032345878', 20),
	(40, 'E:25442000000042345678', 21),
	(41, 'E:25442000000042345878', 22),
	(42, 'E:25442000000052345678', 23),
	(43, 'E:25442000000052345878', 24),
	(44, 'E:26312000000000000007', 26),
	(45, 'E:26312000000000000009', 28),
	(46, 'E:26312000000000000010', 29),
	(47, 'E:26312000000000000011', 30);
INSERT INTO public.invoices_fieldconflict VALUES
	(1, 'total_amount', '[{"value": "325.13", "source_id": 1, "external_id": "8fb00cdbb29b01a45c8419174d41f432"}, {"value": "324.23", "source_id": 3, "external_id": "044032610012:09104104"}]', 'open', NULL, '', NULL, '2026-11-28 13:33:37+00', NULL, 2),
	(2, 'seller_name', '[{"value": "甲方一", "source_id": 6, "external_id": "甲方-1"}, {"value": "甲方二", "source_id": 6, "external_id": "甲方-2"}]', 'open', NULL, '', NULL, '2026-11-28 13:33:52+00', NULL, 9),
	(3, 'total_amount', '[{"value": "113.00", "source_id": 6, "external_id": "seen-6"}, {"value": "131.00", "source_id": 7, "external_id": "seen-7"}]', 'open', NULL, '', NULL, '2026-11-28 13:33:56+00', NULL, 25),
	(4, 'total_amount', '[{"value": "113.00", "source_id": 6, "external_id": "seen-8"}, {"value": "131.00", "source_id": 7, "external_id": "seen-9"}]', 'settled', '131.00', 'looked', '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 1, 26),
	(5, 'status', '[{"value": "113.00", "source_id": 1, "external_id": "a"}, {"value": "131.00", "source_id": 2, "external_id": "b"}]', 'gone', NULL, '', NULL, '2026-11-28 13:33:56+00', NULL, 26);
INSERT INTO public.invoices_invoice VALUES
	(3, 'C:061012610004:23693907', 1, 'vat_general_paper', 'input', '061012610004', '23693907', '', '28391461625162026582', '2026-04-16', 'CNY', 3406.68, 204.40, 3611.08, 'normal', 'unknown', 'unknown', 'not_ticked', '', 0.00, '项目:园区二期', NULL, '{}', '{1}', '{1,3}', false, '2026-11-28 13:33:35+00', '2026-11-28 13:33:38+00', NULL, 2, 5),
	(6, 'E:26322000000473287975', 1, 'digital_paper_general', 'input', '032052610005', '47300705', '26322000000473287975', '', '2026-10-01', 'CNY', 32049.38, 1922.96, 33972.34, 'normal', 'unknown', 'unknown', 'not_ticked', '', 0.00, '', NULL, '{}', '{1}', '{3}', false, '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', NULL, 2, 7),
	(5, 'E:26372000000619186008', 1, 'digital_air', 'input', '', '', '26372000000619186008', '', '2026-04-10', 'CNY', 912.39, 77.61, 990.00, 'normal', 'passed', 'unknown', 'certified', '202605', 77.61, '合同号HT2026-0317', '{"fare": "900.00", "seat": "经济舱", "vehicle": "CZ3201", "departure": "CAN 广州", "insurance": "0.00", "passenger": "徐子涵", "departs_at": "10:50", "departs_on": "2026-04-10", "destination": "XIY 西安", "other_taxes": "0.00", "ticket_number": "7840453695153", "fuel_surcharge": "40.00", "development_fund": "50.00"}', '{abnormal_management}', '{1}', '{3,4}', false, '2026-11-28 13:33:37+00', '2026-11-28 13:33:38+00', NULL, 2, 6),
	(2, 'C:044032610012:09104104', 1, 'vat_toll', 'input', '044032610012', '09104104', '', '78049244412884918899', '2026-08-25', 'CNY', 314.79, 9.44, 324.23, 'normal', 'unknown', 'booked', 'certified', '202610', 9.44, '合同号HT2026-0317', NULL, '{sources_disagree}', '{1}', '{1,3}', false, '2026-11-28 13:33:35+00', '2026-11-28 13:33:40+00', NULL, 2, 4),
	(8, 'E:26322000000327389942', 1, 'digital_air', 'input', '', '', '26322000000327389942', '', '2026-11-27', 'CNY', 2520.00, 0.00, 2520.00, 'unknown', 'passed', 'unknown', 'unknown', '', NULL, '', '{"fare": "2430.00", "seat": "经济舱", "vehicle": "HU7281", "departure": "SZX 深圳", "insurance": "0.00", "passenger": "郭涛", "departs_at": "11:20", "departs_on": "2026-11-27", "destination": "CTU 成都", "other_taxes": "0.00", "ticket_number": "8804340448401", "fuel_surcharge": "40.00", "development_fund": "50.00"}', '{}', '{1}', '{4}', false, '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', NULL, 2, 9),
	(1, 'C:033012610011:85497306', 1, 'vat_general_electronic', 'input', '033012610011', '85497306', '', '95449362650600611507', '2026-05-26', 'CNY', 19955.64, 1197.34, 21152.98, 'normal', 'passed', 'held', 'not_ticked', '', 0.00, '更正1:', NULL, '{edited_by_hand}', '{1}', '{1,3,5}', false, '2026-11-28 13:33:35+00', '2026-11-28 13:33:42+00', NULL, 2, 3),
	(4, 'E:26312000000001152019', 1, 'digital_special', 'input', '', '', '26312000000001152019', '', '2026-03-22', 'CNY', 2142.14, 278.48, 2420.62, 'normal', 'passed', 'held', 'certified', '202604', 278.48, '更正1:', NULL, '{edited_by_hand}', '{1}', '{1,3,5}', false, '2026-11-28 13:33:35+00', '2026-11-28 13:33:42+00', NULL, 2, 1),
	(7, 'C:3302261110:70907503', 1, 'vat_special_paper', 'input', '3302261110', '70907503', '', '75489650659090983182', '2026-11-27', 'CNY', 1909.75, 114.58, 2024.33, 'void', 'passed', 'used', 'not_ticked', '', NULL, '项目:园区二期', NULL, '{}', '{1}', '{1,5}', false, '2026-11-28 13:33:41+00', '2026-11-28 13:33:43+00', NULL, 2, 8),
	(9, 'E:26312000000000000000', 1, 'digital_special', 'input', '', '', '26312000000000000000', '', '2026-01-01', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', '{"vehicle": "甲方次", "passenger": "甲方乘客"}', '{}', '{3}', '{6}', false, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', NULL, 11, 10),
	(15, 'E:25442000000012345678', 1, 'toll_receipt', 'input', '', '', '25442000000012345678', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{8,9}', false, '2026-11-28 13:33:54+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(22, 'E:25442000000042345878', 1, 'customs_payment', 'input', '', '', '25442000000042345878', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{9}', false, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', NULL, NULL, 22),
	(21, 'E:25442000000042345678', 1, 'tax_payment_proof', 'input', '', '', '25442000000042345678', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{8}', false, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(20, 'E:25442000000032345878', 1, 'train_paper', 'input', '', '', '25442000000032345878', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{9}', false, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(19, 'E:25442000000032345678', 1, 'air_paper', 'input', '', '', '25442000000032345678', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{8}', false, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(18, 'E:25442000000022345878', 1, 'taxi', 'input', '', '', '25442000000022345878', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{9}', false, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(17, 'E:25442000000022345678', 1, 'coach', 'input', '', '', '25442000000022345678', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{8}', false, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', NULL, NULL, 22),
	(16, 'E:25442000000012345878', 1, 'ship', 'input', '', '', '25442000000012345878', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{9}', false, '2026-11-28 13:33:54+00', '2026-11-28 13:33:55+00', 15, NULL, 22),
	(14, 'E:26312000000000000005', 1, 'fixed_amount', 'input', '', '', '26312000000000000005', '', '2026-01-06', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:05+00', '2026-03-02 01:00:05+00', NULL, 21, 20),
	(13, 'E:26312000000000000004', 1, 'machine_printed', 'input', '', '', '26312000000000000004', '', '2026-01-05', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:04+00', '2026-03-02 01:00:04+00', NULL, 19, 18),
	(12, 'E:26312000000000000003', 1, 'machine_printed_electronic', 'input', '', '', '26312000000000000003', '', '2026-01-04', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:03+00', '2026-03-02 01:00:03+00', NULL, 17, 16),
	(11, 'E:26312000000000000002', 1, 'other', 'input', '', '', '26312000000000000002', '', '2026-01-03', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:02+00', '2026-03-02 01:00:02+00', NULL, 15, 14),
	(10, 'E:26312000000000000001', 1, 'unknown', 'input', '', '', '26312000000000000001', '', '2026-01-02', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '甲方备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:01+00', '2026-03-02 01:00:01+00', NULL, 13, 12),
	(29, 'E:26312000000000000010', 1, 'digital_vehicle', 'input', '', '', '26312000000000000010', '', '2026-01-11', 'CNY', 100.00, 13.00, 113.00, 'unknown', 'unknown', 'held', 'unknown', '', NULL, '', NULL, '{buyer_tax_no,seller_tax_no}', '{3}', '{6}', false, '2026-03-02 01:00:10+00', '2026-11-28 13:33:57+00', NULL, 32, 31),
	(28, 'E:26312000000000000009', 1, 'digital_used_vehicle', 'input', '', '', '26312000000000000009', '', '2026-01-10', 'CNY', 100.00, 13.00, 113.00, 'unknown', 'unknown', 'unused', 'unknown', '', NULL, '', NULL, '{buyer_tax_no,seller_tax_no}', '{3}', '{6}', false, '2026-03-02 01:00:09+00', '2026-11-28 13:33:57+00', NULL, 30, 29),
	(27, 'E:26312000000000000008', 1, 'digital_rail', 'input', '', '', '26312000000000000008', '', '2026-01-09', 'CNY', 187.00, 13.00, 200.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '共备注', NULL, '{}', '{3}', '{6}', false, '2026-03-02 01:00:08+00', '2026-03-02 01:00:08+00', NULL, 28, 27),
	(26, 'E:26312000000000000007', 1, 'digital_toll', 'input', '', '', '26312000000000000007', '', '2026-01-08', 'CNY', 100.00, 13.00, 131.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{amounts_do_not_add_up,buyer_tax_no,seller_tax_no}', '{3}', '{6,7}', false, '2026-03-02 01:00:07+00', '2026-11-28 13:33:56+00', NULL, 25, 26),
	(25, 'E:26312000000000000006', 1, 'digital_paper_special', 'input', '', '', '26312000000000000006', '', '2026-01-07', 'CNY', 100.00, 13.00, 113.00, 'normal', 'passed', 'unused', 'not_ticked', '', NULL, '', NULL, '{}', '{3}', '{6,7}', false, '2026-03-02 01:00:06+00', '2026-03-02 01:00:06+00', NULL, 23, 24),
	(24, 'E:25442000000052345878', 1, 'digital_paper_vehicle', 'input', '', '', '25442000000052345878', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{9}', false, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', NULL, NULL, 22),
	(23, 'E:25442000000052345678', 1, 'digital_paper_used_vehicle', 'input', '', '', '25442000000052345678', '', '2025-03-01', 'CNY', 100.00, NULL, 113.00, 'unknown', 'unknown', 'unknown', 'unknown', '', NULL, '', NULL, '{seller_tax_no}', '{4}', '{8}', false, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', NULL, NULL, 22),
	(32, 'E:26312000000000000013', 1, 'vat_roll', 'input', '', '', '26312000000000000013', '', '2026-01-14', 'CNY', 100.00, 13.00, 113.00, 'red_pending', 'passed', 'unused', 'not_ticked', '', NULL, '', NULL, '{}', '{3}', '{}', false, '2026-03-02 01:00:13+00', '2026-03-02 01:00:13+00', NULL, 37, 38),
	(31, 'E:26312000000000000012', 1, 'used_vehicle', 'input', '', '', '26312000000000000012', '', '2026-01-13', 'CNY', 100.00, 13.00, 113.00, 'lost_control', 'passed', 'unused', 'not_ticked', '', NULL, '', NULL, '{amounts_do_not_add_up,lines_do_not_add_up,kind_and_code_disagree,number_length,buyer_tax_no,seller_tax_no,no_statutory_key,sources_disagree,numbers_contradict,deleted_at_source,unknown_code,names_swapped,damaged_details,unreadable_text,edited_by_hand,title_conflict,tax_number_conflict,receipt_date,not_deductible_reason,abnormal_management}', '{3}', '{}', false, '2026-03-02 01:00:12+00', '2026-03-02 01:00:12+00', NULL, 35, 36),
	(30, 'E:26312000000000000011', 1, 'digital_general', 'input', '', '', '26312000000000000011', '', '2026-01-12', 'CNY', 100.00, 13.00, 113.00, 'abnormal', 'unknown', 'held', 'unknown', '', NULL, '', NULL, '{buyer_tax_no,seller_tax_no}', '{3}', '{6}', false, '2026-03-02 01:00:11+00', '2026-11-28 13:33:57+00', NULL, 34, 33),
	(35, 'E:26312000000000000016', 1, 'vat_freight', 'output', '', '', '26312000000000000016', '', '2026-01-17', 'CNY', 100.00, 13.00, 113.00, 'red', 'failed', 'unused', 'ticked', '', NULL, '', NULL, '{}', '{3}', '{}', false, '2026-03-02 01:00:16+00', '2026-03-02 01:00:16+00', NULL, 43, 44),
	(34, 'E:26312000000000000015', 1, 'vehicle_sale', 'input', '', '', '26312000000000000015', '', '2026-01-16', 'CNY', 100.00, 13.00, 113.00, 'partly_red', 'not_done', 'unused', 'not_deductible', '', NULL, '', NULL, '{}', '{3}', '{}', false, '2026-03-02 01:00:15+00', '2026-03-02 01:00:15+00', NULL, 41, 42),
	(33, 'E:26312000000000000014', 1, 'vat_special_electronic', 'input', '', '', '26312000000000000014', '', '2026-01-15', 'CNY', 100.00, 13.00, 113.00, 'fully_red', 'passed', 'unused', 'refund', '', NULL, '', NULL, '{}', '{3}', '{}', false, '2026-03-02 01:00:14+00', '2026-03-02 01:00:14+00', NULL, 39, 40);
INSERT INTO public.invoices_invoiceline VALUES
	(1, 1, '*经营租赁*通行费', '', '', 9.0000000000, NULL, 157.39, NULL, NULL, '', 2),
	(2, 2, '*经营租赁*通行费', '', '', 7.0000000000, NULL, 157.40, NULL, NULL, '', 2),
	(5, 1, '*电信服务*通信服务费', '', '月', 8.0000000000, 831.4850000000, 6651.88, 0.060000, 399.11, '3030100000000000000', 1),
	(6, 2, '*电信服务*通信服务费', '', '月', 6.0000000000, 1108.6466670000, 6651.88, 0.060000, 399.11, '3030100000000000000', 1),
	(7, 3, '*电信服务*通信服务费', '', '月', 3.0000000000, 2217.2933330000, 6651.88, 0.060000, 399.12, '3030100000000000000', 1),
	(8, 1, '*计算机外部设备*显示器', '27寸', '台', 10.0000000000, 107.1070000000, 1071.07, 0.130000, 139.24, '1090511030000000000', 4),
	(9, 2, '*计算机外部设备*显示器', '27寸', '台', 12.0000000000, 89.2558330000, 1071.07, 0.130000, 139.24, '1090511030000000000', 4),
	(12, 1, '*餐饮服务*餐费', '', '次', 6.0000000000, 159.1450000000, 954.87, 0.060000, 57.29, '3070401000000000000', 7),
	(13, 2, '*餐饮服务*餐费', '', '次', 4.0000000000, 238.7200000000, 954.88, 0.060000, 57.29, '3070401000000000000', 7),
	(14, 1, '甲方货物', '甲方规格', '箱', 2.0000000000, 50.0000000000, 100.00, 0.130000, 13.00, '', 9);
INSERT INTO public.invoices_party VALUES
	(1, '上海华诚科技有限公司', '91310115103405174E', DEFAULT),
	(2, '杭州云杉智能科技股份有限公司', '91330106600000119N', DEFAULT),
	(3, '杭州众联通信有限公司', '91330106100237574A', DEFAULT),
	(4, '深圳远景咨询有限公司', '914403051023757008', DEFAULT),
	(5, '西安云起餐饮管理有限公司', '916101131015838075', DEFAULT),
	(6, '中国南方航空股份有限公司', '91440000000176129N', DEFAULT),
	(7, '苏州凌云咨询有限公司', '91320508103721935R', DEFAULT),
	(8, '宁波启航餐饮管理有限公司', '9133020310348436XX', DEFAULT),
	(9, '中国海南航空股份有限公司', '91440000000176129N', DEFAULT),
	(10, '甲方供应商b66973', '914400000000000000', DEFAULT),
	(11, '往来单位1', '914400000000000001', DEFAULT),
	(12, '甲方供应商27048e', '914400000000000002', DEFAULT),
	(13, '往来单位3', '914400000000000003', DEFAULT),
	(14, '甲方供应商9e44f6', '914400000000000004', DEFAULT),
	(15, '往来单位5', '914400000000000005', DEFAULT),
	(16, '甲方供应商6eba73', '914400000000000006', DEFAULT),
	(17, '往来单位7', '914400000000000007', DEFAULT),
	(18, '甲方供应商3c9d5c', '914400000000000008', DEFAULT),
	(19, '往来单位9', '914400000000000009', DEFAULT),
	(20, '甲方供应商2bcbee', '914400000000000010', DEFAULT),
	(21, '往来单位11', '914400000000000011', DEFAULT),
	(22, '上海正源广告有限公司', '91310000000000001X', DEFAULT),
	(23, '往来单位12', '914400000000000012', DEFAULT),
	(24, '往来单位13', '914400000000000013', DEFAULT),
	(25, '往来单位14', '914400000000000014', DEFAULT),
	(26, '往来单位15', '914400000000000015', DEFAULT),
	(27, '共供应商6e3ff8', '914400000000000016', DEFAULT),
	(28, '往来单位17', '914400000000000017', DEFAULT),
	(29, '用供应商186954', '914400000000000018', DEFAULT),
	(30, '往来单位19', '914400000000000019', DEFAULT),
	(31, '用供应商468c39', '914400000000000020', DEFAULT),
	(32, '往来单位21', '914400000000000021', DEFAULT),
	(33, '用供应商e651d6', '914400000000000022', DEFAULT),
	(34, '往来单位23', '914400000000000023', DEFAULT),
	(35, '往来单位24', '914400000000000024', DEFAULT),
	(36, '往来单位25', '914400000000000025', DEFAULT),
	(37, '往来单位26', '914400000000000026', DEFAULT),
	(38, '往来单位27', '914400000000000027', DEFAULT),
	(39, '往来单位28', '914400000000000028', DEFAULT),
	(40, '往来单位29', '914400000000000029', DEFAULT),
	(41, '往来单位30', '914400000000000030', DEFAULT),
	(42, '往来单位31', '914400000000000031', DEFAULT),
	(43, '往来单位32', '914400000000000032', DEFAULT),
	(44, '往来单位33', '914400000000000033', DEFAULT);
INSERT INTO public.invoices_samedocument VALUES
	(1, 'E:25442000000012345878', 'E:25442000000012345678', '2026-11-28 13:33:55+00', 8);
INSERT INTO public.invoices_sighting VALUES
	(5, '26312000000001152019', '{"external_id":"26312000000001152019","kind":"digital_special","digital_number":"26312000000001152019","issue_date":"2026-03-22","amount_excl_tax":"2142.14","tax_amount":"278.48","total_amount":"2420.62","buyer":{"name":"杭州云杉智能科技股份有限公司","tax_no":"91330106600000119N"},"seller":{"name":"上海华诚科技有限公司","tax_no":"91310115103405174E"},"status":"normal","deduction_status":"certified","deduction_period":"202604","deductible_tax":"278.48","facts":{"List at the tax bureau":"往期抵扣","Ticked on":"2026-04-28","Deducted on":"2026-04-28","Way of deduction":"抵扣","Way of ticking":"勾选"}}', '{E:26312000000001152019}', 1, false, NULL, '2026-11-28 13:33:37+00', '2026-11-28 13:33:37+00', 4, 9, 3),
	(2, '8fb00cdbb29b01a45c8419174d41f432', '{"code": "044032610012", "kind": "vat_general_electronic", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"person": "李浩然", "purpose": "业务招待费", "department": "研发中心", "entered_at": "2026-08-31 08:04:25", "entered_by": "李浩然", "entry_method": "Excel 导入", "voucher_number": "记-0581"}, "facts": {"District": "浙江省", "Tax rate": "3%", "Origin of the file": "其他"}, "lines": [{"name": "*经营租赁*通行费", "amount": "157.39", "quantity": "9"}, {"name": "*经营租赁*通行费", "amount": "157.40", "quantity": "7"}], "number": "09104104", "remark": "合同号HT2026-0317", "seller": {"name": "深圳远景咨询有限公司", "tax_no": "914403051023757008"}, "status": "normal", "changed_at": "2026-08-31T08:04:25+08:00", "check_code": "918899", "issue_date": "2026-08-25", "tax_amount": "9.44", "external_id": "8fb00cdbb29b01a45c8419174d41f432", "total_amount": "325.13", "machine_number": "661512505749", "amount_excl_tax": "314.79"}', '{C:044032610012:09104104}', 1, false, '2026-08-31 00:04:25+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 2, 5, 1),
	(3, '8f4dbf6058c62eac8fdef25ecdb03f0d', '{"code": "061012610004", "kind": "vat_general_paper", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"person": "刘敏", "purpose": "采购", "department": "销售二部", "entered_at": "2026-05-08 08:13:24", "entered_by": "刘敏", "entry_method": "扫描枪", "voucher_number": "记-0552"}, "facts": {"Details": "*餐饮服务*餐费", "District": "浙江省", "Tax rate": "6%", "Origin of the file": "QQ 邮箱"}, "number": "23693907", "remark": "项目:园区二期", "seller": {"name": "西安云起餐饮管理有限公司", "tax_no": "916101131015838075"}, "status": "normal", "changed_at": "2026-05-08T08:13:24+08:00", "check_code": "026582", "issue_date": "2026-04-16", "tax_amount": "204.40", "external_id": "8f4dbf6058c62eac8fdef25ecdb03f0d", "total_amount": "3611.08", "machine_number": "661510935222", "amount_excl_tax": "3406.68"}', '{C:061012610004:23693907}', 1, false, '2026-05-08 00:13:24+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 3, 2, 1),
	(11, 'INV260416FEBEB14ABF', '{"external_id":"INV260416FEBEB14ABF","kind":"digital_air","digital_number":"26372000000619186008","issue_date":"2026-04-10","amount_excl_tax":"912.39","tax_amount":"77.61","total_amount":"990.00","buyer":{"name":"杭州云杉智能科技股份有限公司","tax_no":"91330106600000119N"},"seller":{"name":"中国南方航空股份有限公司","tax_no":"91440000000176129N"},"verification":"passed","remark":"合同号HT2026-0317","travel":{"passenger":"徐子涵","vehicle":"CZ3201","departure":"CAN 广州","destination":"XIY 西安","departs_on":"2026-04-10","departs_at":"10:50","seat":"经济舱","ticket_number":"7840453695153","fare":"900.00","fuel_surcharge":"40.00","development_fund":"50.00","insurance":"0.00","other_taxes":"0.00"},"claim":{"person":"胡敏","purpose":"MK_FT_115","entered_at":"2026-04-16 10:53:51"},"facts":{"Personal or corporate":"对公发票","Kind as the source names it":"电子发票(航空运输电子客票行程单)","Expense":"FD00000001","Carrier":"中国南方航空股份有限公司","Tax rate of the ticket":"0.09"}}', '{E:26372000000619186008}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 5, 17, 4),
	(8, '061012610004:23693907', '{"code": "061012610004", "kind": "vat_general_paper", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "facts": {"List at the tax bureau": "未勾选"}, "number": "23693907", "seller": {"name": "西安云起餐饮管理有限公司", "tax_no": "916101131015838075"}, "status": "normal", "check_code": "28391461625162026582", "issue_date": "2026-04-16", "tax_amount": "204.40", "external_id": "061012610004:23693907", "total_amount": "3611.08", "deductible_tax": "0.00", "amount_excl_tax": "3406.68", "deduction_status": "not_ticked"}', '{C:061012610004:23693907}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 3, 13, 3),
	(9, '033012610011:85497306', '{"code": "033012610011", "kind": "vat_general_electronic", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "facts": {"List at the tax bureau": "未勾选"}, "number": "85497306", "seller": {"name": "杭州众联通信有限公司", "tax_no": "91330106100237574A"}, "status": "normal", "check_code": "95449362650600611507", "issue_date": "2026-05-26", "tax_amount": "1197.34", "external_id": "033012610011:85497306", "total_amount": "21152.98", "deductible_tax": "0.00", "amount_excl_tax": "19955.64", "deduction_status": "not_ticked"}', '{C:033012610011:85497306}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 1, 14, 3),
	(10, '032052610005:47300705', '{"code": "032052610005", "kind": "digital_paper_general", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "facts": {"List at the tax bureau": "未勾选"}, "number": "47300705", "seller": {"name": "苏州凌云咨询有限公司", "tax_no": "91320508103721935R"}, "status": "normal", "issue_date": "2026-10-01", "tax_amount": "1922.96", "external_id": "032052610005:47300705", "total_amount": "33972.34", "deductible_tax": "0.00", "digital_number": "26322000000473287975", "amount_excl_tax": "32049.38", "deduction_status": "not_ticked"}', '{E:26322000000473287975,C:032052610005:47300705}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 6, 16, 3),
	(1, '6136c54e91caeb6fd6bacdbfbb698f45', '{"external_id":"6136c54e91caeb6fd6bacdbfbb698f45","kind":"vat_general_electronic","code":"033012610011","number":"85497306","check_code":"611507","issue_date":"2026-05-26","amount_excl_tax":"19955.64","tax_amount":"1197.34","total_amount":"21152.98","buyer":{"name":"杭州云杉智能科技股份有限公司","tax_no":"91330106600000119N","address_phone":"高新区科技路208号 0318-29222713","bank_account":"中国工商银行杭州支行 6642472434303656598"},"seller":{"name":"杭州众联通信有限公司","tax_no":"91330106100237574A","address_phone":"高新区科技路116号 0982-47150929","bank_account":"中国工商银行杭州支行 2559938911485379310"},"status":"normal","remark":"更正1:","claim":{"person":"徐子涵","department":"人力资源部","voucher_number":"记-0834","purpose":"推广费","entered_by":"徐子涵","entered_at":"2026-05-28 19:15:42","entry_method":"邮箱导入"},"machine_number":"661515741728","changed_at":"2026-11-27T23:00:03+08:00","facts":{"Tax rate":"6%","Note of the reimburser":"已更正1次","District":"浙江省","Origin of the file":"本地选择","Details":"*电信服务*通信服务费、*电信服务*通信服务费、*电信服务*通信服务费"}}', '{C:033012610011:85497306}', 1, false, '2026-11-27 15:00:03+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:41+00', 1, 28, 1),
	(12, '1dc57188ccb20bcb9a37b520422203823', '{"external_id":"1dc57188ccb20bcb9a37b520422203823","kind":"vat_general_electronic","code":"033012610011","number":"85497306","check_code":"95449362650600611507","issue_date":"2026-05-26","amount_excl_tax":"19955.64","tax_amount":"1197.34","total_amount":"21152.98","buyer":{"name":"杭州云杉智能科技股份有限公司","tax_no":"91330106600000119N","address_phone":"高新区科技路208号 0318-29222713","bank_account":"中国工商银行杭州支行 6642472434303656598"},"seller":{"name":"杭州众联通信有限公司","tax_no":"91330106100237574A","address_phone":"高新区科技路116号 0982-47150929","bank_account":"中国工商银行杭州支行 2559938911485379310"},"status":"normal","verification":"passed","expense_status":"unused","deduction_status":"not_ticked","remark":"更正1:","lines":[{"name":"*电信服务*通信服务费","unit":"月","quantity":"8","unit_price":"831.485","amount":"6651.88","tax_rate":"0.06","tax_amount":"399.11","goods_code":"3030100000000000000"},{"name":"*电信服务*通信服务费","unit":"月","quantity":"6","unit_price":"1108.646667","amount":"6651.88","tax_rate":"0.06","tax_amount":"399.11","goods_code":"3030100000000000000"},{"name":"*电信服务*通信服务费","unit":"月","quantity":"3","unit_price":"2217.293333","amount":"6651.88","tax_rate":"0.06","tax_amount":"399.12","goods_code":"3030100000000000000"}],"claim":{"bill_number":"2026-11-LIVE-0001"},"file_url":"https://img.example.com/1dc57188ccb20bcb9a37b520422203823.jpg","flags":["edited_by_hand"],"facts":{"Drawn by":"张会计"}}', '{C:033012610011:85497306}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:42+00', 1, 35, 5),
	(17, 'seen-0', '{"external_id":"seen-0","kind":"digital_special","digital_number":"26312000000000000000","issue_date":"2026-01-01","amount_excl_tax":"100.00","tax_amount":"13.00","total_amount":"113.00","buyer":{"name":"往来单位1","tax_no":"914400000000000001"},"seller":{"name":"甲方供应商b66973","tax_no":"914400000000000000"}}', '{E:26312000000000000000}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 9, 38, 6),
	(23, 'merge-1', '{"external_id":"merge-1","kind":"digital_special","digital_number":"25442000000012345678","issue_date":"2025-03-01","amount_excl_tax":"100.00","total_amount":"113.00","seller":{"name":"上海正源广告有限公司","tax_no":"91310000000000001X"}}', '{E:25442000000012345678}', 1, false, NULL, '2026-11-28 13:33:54+00', '2026-11-28 13:33:54+00', 15, 45, 8),
	(24, 'merge-2', '{"external_id":"merge-2","kind":"digital_special","digital_number":"25442000000012345878","issue_date":"2025-03-01","amount_excl_tax":"100.00","total_amount":"113.00","seller":{"name":"上海正源广告有限公司","tax_no":"91310000000000001X"}}', '{E:25442000000012345878}', 1, false, NULL, '2026-11-28 13:33:54+00', '2026-11-28 13:33:54+00', 15, 46, 9),
	(34, 'seen-7', '{"external_id":"seen-7","kind":"digital_special","digital_number":"26312000000000000006","issue_date":"2026-01-07","amount_excl_tax":"100.00","tax_amount":"13.00","total_amount":"131.00","buyer":{"name":"往来单位12","tax_no":"914400000000000012"},"seller":{"name":"往来单位13","tax_no":"914400000000000013"}}', '{E:26312000000000000006}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 25, 56, 7),
	(6, '26372000000619186008', '{"kind": "digital_air", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "facts": {"Ticked on": "2026-05-01", "Deducted on": "2026-05-01", "Way of ticking": "勾选", "Way of deduction": "抵扣", "Management status": "禁止勾选退税", "List at the tax bureau": "往期抵扣"}, "flags": ["abnormal_management"], "seller": {"name": "中国南方航空股份有限公司", "tax_no": "91440000000176129N"}, "status": "normal", "issue_date": "2026-04-10", "tax_amount": "77.61", "external_id": "26372000000619186008", "total_amount": "990.00", "deductible_tax": "77.61", "digital_number": "26372000000619186008", "amount_excl_tax": "912.39", "deduction_period": "202605", "deduction_status": "certified"}', '{E:26372000000619186008}', 1, false, NULL, '2026-11-28 13:33:37+00', '2026-11-28 13:33:37+00', 5, 10, 3),
	(7, '044032610012:09104104', '{"code": "044032610012", "kind": "vat_toll", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "facts": {"Ticked on": "2026-10-13", "Deducted on": "2026-10-13", "Way of ticking": "勾选", "Line of business": "通行费", "Way of deduction": "抵扣", "List at the tax bureau": "往期抵扣"}, "number": "09104104", "seller": {"name": "深圳远景咨询有限公司", "tax_no": "914403051023757008"}, "status": "normal", "check_code": "78049244412884918899", "issue_date": "2026-08-25", "tax_amount": "9.44", "external_id": "044032610012:09104104", "total_amount": "324.23", "deductible_tax": "9.44", "amount_excl_tax": "314.79", "deduction_period": "202610", "deduction_status": "certified"}', '{C:044032610012:09104104}', 1, false, NULL, '2026-11-28 13:33:37+00', '2026-11-28 13:33:37+00', 2, 11, 3),
	(14, '053e99e8603cabfe7fffbf40b6e7f0ee', '{"code": "3302261110", "kind": "vat_special_paper", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"person": "周军", "purpose": "培训费", "department": "销售一部", "entered_at": "2026-11-27 23:00:00", "entered_by": "周军", "entry_method": "Excel 导入", "voucher_number": "记-0319"}, "facts": {"District": "浙江省", "Tax rate": "6%", "Origin of the file": "本地选择"}, "lines": [{"name": "*餐饮服务*餐费", "amount": "954.87", "quantity": "6"}, {"name": "*餐饮服务*餐费", "amount": "954.88", "quantity": "4"}], "number": "70907503", "remark": "项目:园区二期", "seller": {"name": "宁波启航餐饮管理有限公司", "tax_no": "9133020310348436XX"}, "status": "void", "changed_at": "2026-11-27T23:00:00+08:00", "check_code": "983182", "issue_date": "2026-11-27", "tax_amount": "114.58", "external_id": "053e99e8603cabfe7fffbf40b6e7f0ee", "total_amount": "2024.33", "machine_number": "661517908783", "amount_excl_tax": "1909.75"}', '{C:3302261110:70907503}', 1, false, '2026-11-27 15:00:00+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 7, 26, 1),
	(22, 'seen-5', '{"kind": "digital_special", "buyer": {"name": "往来单位11", "tax_no": "914400000000000011"}, "seller": {"name": "甲方供应商2bcbee", "tax_no": "914400000000000010"}, "issue_date": "2026-01-06", "tax_amount": "13.00", "external_id": "seen-5", "total_amount": "113.00", "digital_number": "26312000000000000005", "amount_excl_tax": "100.00"}', '{E:26312000000000000005}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 14, 44, 6),
	(35, 'seen-8', '{"kind": "digital_special", "buyer": {"name": "往来单位14", "tax_no": "914400000000000014"}, "seller": {"name": "往来单位15", "tax_no": "914400000000000015"}, "issue_date": "2026-01-08", "tax_amount": "13.00", "external_id": "seen-8", "total_amount": "113.00", "digital_number": "26312000000000000007", "amount_excl_tax": "100.00"}', '{E:26312000000000000007}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 26, 57, 6),
	(36, 'seen-9', '{"kind": "digital_special", "buyer": {"name": "往来单位14", "tax_no": "914400000000000014"}, "seller": {"name": "往来单位15", "tax_no": "914400000000000015"}, "issue_date": "2026-01-08", "tax_amount": "13.00", "external_id": "seen-9", "total_amount": "131.00", "digital_number": "26312000000000000007", "amount_excl_tax": "100.00"}', '{E:26312000000000000007}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 26, 58, 7),
	(4, '69020f9af15f9801245c8ec5aa25758a', '{"kind": "digital_special", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"person": "杨磊", "purpose": "采购", "department": "总经办", "entered_at": "2026-03-25 08:22:57", "entered_by": "杨磊", "entry_method": "扫描枪", "voucher_number": "记-0136"}, "facts": {"District": "浙江省", "Tax rate": "13%", "Place of the file": "/pdf/202603/69020f9af15f9801245c8ec5aa25758a.pdf", "Origin of the file": "微信卡包", "Note of the reimburser": "已更正1次"}, "lines": [{"name": "*计算机外部设备*显示器", "amount": "1071.07", "quantity": "10"}, {"name": "*计算机外部设备*显示器", "amount": "1071.07", "quantity": "12"}], "remark": "更正1:", "seller": {"name": "上海华诚科技有限公司", "tax_no": "91310115103405174E"}, "status": "normal", "changed_at": "2026-11-27T23:00:02+08:00", "issue_date": "2026-03-22", "tax_amount": "278.48", "external_id": "69020f9af15f9801245c8ec5aa25758a", "total_amount": "2420.62", "digital_number": "26312000000001152019", "amount_excl_tax": "2142.14"}', '{E:26312000000001152019}', 1, false, '2026-11-27 15:00:02+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:41+00', 4, 27, 1),
	(15, 'INV2611276B931540F1', '{"kind": "digital_air", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"person": "罗艳", "purpose": "MK_FT_110", "entered_at": "2026-11-27 23:00:01"}, "facts": {"Carrier": "中国海南航空股份有限公司", "Expense": "FD00000007", "Personal or corporate": "对私发票", "Tax rate of the ticket": "0.09", "Kind as the source names it": "电子发票(航空运输电子客票行程单)"}, "seller": {"name": "中国海南航空股份有限公司", "tax_no": "91440000000176129N"}, "travel": {"fare": "2430.00", "seat": "经济舱", "vehicle": "HU7281", "departure": "SZX 深圳", "insurance": "0.00", "passenger": "郭涛", "departs_at": "11:20", "departs_on": "2026-11-27", "destination": "CTU 成都", "other_taxes": "0.00", "ticket_number": "8804340448401", "fuel_surcharge": "40.00", "development_fund": "50.00"}, "issue_date": "2026-11-27", "tax_amount": "0.00", "external_id": "INV2611276B931540F1", "total_amount": "2520.00", "verification": "passed", "digital_number": "26322000000327389942", "amount_excl_tax": "2520.00"}', '{E:26322000000327389942}', 1, false, NULL, '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 8, 29, 4),
	(16, 'aa634d946abbca43429dd1ae7cb177046', '{"code": "3302261110", "kind": "vat_special_paper", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"bill_number": "2026-BILL-000001"}, "facts": {"Drawn by": "张会计"}, "lines": [{"name": "*餐饮服务*餐费", "unit": "次", "amount": "954.87", "quantity": "6", "tax_rate": "0.06", "goods_code": "3070401000000000000", "tax_amount": "57.29", "unit_price": "159.145"}, {"name": "*餐饮服务*餐费", "unit": "次", "amount": "954.88", "quantity": "4", "tax_rate": "0.06", "goods_code": "3070401000000000000", "tax_amount": "57.29", "unit_price": "238.72"}], "number": "70907503", "remark": "项目:园区二期", "seller": {"name": "宁波启航餐饮管理有限公司", "tax_no": "9133020310348436XX"}, "status": "void", "file_url": "https://img.example.com/aa634d946abbca43429dd1ae7cb177046.jpg", "check_code": "75489650659090983182", "issue_date": "2026-11-27", "tax_amount": "114.58", "external_id": "aa634d946abbca43429dd1ae7cb177046", "total_amount": "2024.33", "verification": "passed", "expense_status": "used", "amount_excl_tax": "1909.75", "deduction_status": "not_ticked"}', '{C:3302261110:70907503}', 1, false, NULL, '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 7, 30, 5),
	(32, 'open-2', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "open-2", "total_amount": "113.00", "digital_number": "25442000000052345878", "amount_excl_tax": "100.00"}', '{E:25442000000052345878}', 1, false, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 24, 54, 9),
	(33, 'seen-6', '{"kind": "digital_special", "buyer": {"name": "往来单位12", "tax_no": "914400000000000012"}, "seller": {"name": "往来单位13", "tax_no": "914400000000000013"}, "issue_date": "2026-01-07", "tax_amount": "13.00", "external_id": "seen-6", "total_amount": "113.00", "digital_number": "26312000000000000006", "amount_excl_tax": "100.00"}', '{E:26312000000000000006}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 25, 55, 6),
	(13, 'eeea26dfd5010c003b3c8fd90fc00eef0', '{"kind": "digital_special", "buyer": {"name": "杭州云杉智能科技股份有限公司", "tax_no": "91330106600000119N"}, "claim": {"bill_number": "2026-11-LIVE-0001"}, "facts": {"Drawn by": "张会计"}, "flags": ["edited_by_hand"], "lines": [{"name": "*计算机外部设备*显示器", "spec": "27寸", "unit": "台", "amount": "1071.07", "quantity": "10", "tax_rate": "0.13", "goods_code": "1090511030000000000", "tax_amount": "139.24", "unit_price": "107.107"}, {"name": "*计算机外部设备*显示器", "spec": "27寸", "unit": "台", "amount": "1071.07", "quantity": "12", "tax_rate": "0.13", "goods_code": "1090511030000000000", "tax_amount": "139.24", "unit_price": "89.255833"}], "remark": "更正1:", "seller": {"name": "上海华诚科技有限公司", "tax_no": "91310115103405174E"}, "status": "normal", "file_url": "https://img.example.com/eeea26dfd5010c003b3c8fd90fc00eef0.jpg", "issue_date": "2026-03-22", "tax_amount": "278.48", "external_id": "eeea26dfd5010c003b3c8fd90fc00eef0", "total_amount": "2420.62", "verification": "passed", "digital_number": "26312000000001152019", "expense_status": "unused", "amount_excl_tax": "2142.14", "deduction_status": "not_ticked"}', '{E:26312000000001152019}', 1, false, NULL, '2026-11-28 13:33:38+00', '2026-11-28 13:33:42+00', 4, 34, 5),
	(18, 'seen-1', '{"kind": "digital_special", "buyer": {"name": "往来单位3", "tax_no": "914400000000000003"}, "seller": {"name": "甲方供应商27048e", "tax_no": "914400000000000002"}, "issue_date": "2026-01-02", "tax_amount": "13.00", "external_id": "seen-1", "total_amount": "113.00", "digital_number": "26312000000000000001", "amount_excl_tax": "100.00"}', '{E:26312000000000000001}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 10, 40, 6),
	(19, 'seen-2', '{"kind": "digital_special", "buyer": {"name": "往来单位5", "tax_no": "914400000000000005"}, "seller": {"name": "甲方供应商9e44f6", "tax_no": "914400000000000004"}, "issue_date": "2026-01-03", "tax_amount": "13.00", "external_id": "seen-2", "total_amount": "113.00", "digital_number": "26312000000000000002", "amount_excl_tax": "100.00"}', '{E:26312000000000000002}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 11, 41, 6),
	(20, 'seen-3', '{"kind": "digital_special", "buyer": {"name": "往来单位7", "tax_no": "914400000000000007"}, "seller": {"name": "甲方供应商6eba73", "tax_no": "914400000000000006"}, "issue_date": "2026-01-04", "tax_amount": "13.00", "external_id": "seen-3", "total_amount": "113.00", "digital_number": "26312000000000000003", "amount_excl_tax": "100.00"}', '{E:26312000000000000003}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 12, 42, 6),
	(21, 'seen-4', '{"kind": "digital_special", "buyer": {"name": "往来单位9", "tax_no": "914400000000000009"}, "seller": {"name": "甲方供应商3c9d5c", "tax_no": "914400000000000008"}, "issue_date": "2026-01-05", "tax_amount": "13.00", "external_id": "seen-4", "total_amount": "113.00", "digital_number": "26312000000000000004", "amount_excl_tax": "100.00"}', '{E:26312000000000000004}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 13, 43, 6),
	(25, 'dismiss-1', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "dismiss-1", "total_amount": "113.00", "digital_number": "25442000000022345678", "amount_excl_tax": "100.00"}', '{E:25442000000022345678}', 1, false, NULL, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 17, 47, 8),
	(26, 'dismiss-2', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "dismiss-2", "total_amount": "113.00", "digital_number": "25442000000022345878", "amount_excl_tax": "100.00"}', '{E:25442000000022345878}', 1, false, NULL, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 18, 48, 9),
	(27, 'confirm-1', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "confirm-1", "total_amount": "113.00", "digital_number": "25442000000032345678", "amount_excl_tax": "100.00"}', '{E:25442000000032345678}', 1, false, NULL, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 19, 49, 8),
	(28, 'confirm-2', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "confirm-2", "total_amount": "113.00", "digital_number": "25442000000032345878", "amount_excl_tax": "100.00"}', '{E:25442000000032345878}', 1, false, NULL, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 20, 50, 9),
	(29, 'gone-1', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "gone-1", "total_amount": "113.00", "digital_number": "25442000000042345678", "amount_excl_tax": "100.00"}', '{E:25442000000042345678}', 1, false, NULL, '2026-11-28 13:33:55+00', '2026-11-28 13:33:55+00', 21, 51, 8),
	(30, 'gone-2', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "gone-2", "total_amount": "113.00", "digital_number": "25442000000042345878", "amount_excl_tax": "100.00"}', '{E:25442000000042345878}', 1, false, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 22, 52, 9),
	(31, 'open-1', '{"kind": "digital_special", "seller": {"name": "上海正源广告有限公司", "tax_no": "91310000000000001X"}, "issue_date": "2025-03-01", "external_id": "open-1", "total_amount": "113.00", "digital_number": "25442000000052345678", "amount_excl_tax": "100.00"}', '{E:25442000000052345678}', 1, false, NULL, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 23, 53, 8),
	(37, 'seen-10', '{"kind": "digital_special", "buyer": {"name": "往来单位17", "tax_no": "914400000000000017"}, "seller": {"name": "共供应商6e3ff8", "tax_no": "914400000000000016"}, "issue_date": "2026-01-09", "tax_amount": "13.00", "external_id": "seen-10", "total_amount": "200.00", "digital_number": "26312000000000000008", "amount_excl_tax": "187.00"}', '{E:26312000000000000008}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 27, 61, 6),
	(38, 'seen-11', '{"kind": "digital_special", "buyer": {"name": "往来单位19", "tax_no": "914400000000000019"}, "seller": {"name": "用供应商186954", "tax_no": "914400000000000018"}, "issue_date": "2026-01-10", "tax_amount": "13.00", "external_id": "seen-11", "total_amount": "113.00", "digital_number": "26312000000000000009", "amount_excl_tax": "100.00"}', '{E:26312000000000000009}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 28, 62, 6),
	(39, 'seen-12', '{"kind": "digital_special", "buyer": {"name": "往来单位21", "tax_no": "914400000000000021"}, "seller": {"name": "用供应商468c39", "tax_no": "914400000000000020"}, "issue_date": "2026-01-11", "tax_amount": "13.00", "external_id": "seen-12", "total_amount": "113.00", "digital_number": "26312000000000000010", "amount_excl_tax": "100.00"}', '{E:26312000000000000010}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 29, 63, 6),
	(40, 'seen-13', '{"kind": "digital_special", "buyer": {"name": "往来单位23", "tax_no": "914400000000000023"}, "seller": {"name": "用供应商e651d6", "tax_no": "914400000000000022"}, "issue_date": "2026-01-12", "tax_amount": "13.00", "external_id": "seen-13", "total_amount": "113.00", "digital_number": "26312000000000000011", "amount_excl_tax": "100.00"}', '{E:26312000000000000011}', 1, false, NULL, '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 30, 64, 6);
INSERT INTO public.invoices_standing VALUES
	(1, 'bills', 'held', 1),
	(2, 'bills', 'held', 4),
	(6, 'bills', 'booked', 2),
	(10, 'vouchers', 'booked', 2),
	(13, 'bills', 'used', 7),
	(15, 'bills', 'held', 29),
	(14, 'bills', 'unused', 28),
	(16, 'bills', 'unknown', 30);
INSERT INTO public.knox_authtoken VALUES
	('534ae4444f423cc81e1f1e6e465f6d19b6455ee7a17fef74fc26d2acf0067dfa35e4811fb0a02fd9e798d60e4b0bbbde74850948ccf237d30a2a4ec9b3be6d94', '2026-11-28 13:33:59+00', 1, NULL, '7d56b19e189f974');
INSERT INTO public.mfa_authenticator VALUES
	(1, 'recovery_codes', '{"seed": "made-up"}', 1, '2026-11-28 13:33:59+00', NULL);
INSERT INTO public.outbox_push VALUES
	(1, 'voucher_collect', 'voucher:1', '{voucher:1}', '1 (202611)', 1, '{"accountInfo":{"accountId":"ZT001","baseCurrency":"CNY"},"companyInfo":{"name":"杭州云杉智能科技股份有限公司"},"expenseIdArray":["22318c42c5abd7a65eef95871024fc74"],"invoiceData":[],"serialNoArray":[],"voucherInfo":{"accountDate":"2026_11_28","attachmentsCount":"1","businessDate":"2026_11_28","creator":"管 理","entries":[{"abstract":"王芳 差旅费（BX202611000003）","creditAmount":"0.00","currency":"CNY","debitsAmount":"324.23","subject":"6602.01"},{"abstract":"BX202611000003","creditAmount":"324.23","currency":"CNY","debitsAmount":"0.00","subject":"2241"}],"period":"202611","resource":"1","vouchId":"24571f11fe744482a4b277d9ee425652","vouchNo":"1","voucherAccountId":"ZT001"}}', '74d7a8c73d392c1b0061e67d15dc3799999ed0e8af59e227d2837c75eab08f2f', 'pending', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:40+00', NULL, '', '2026-11-28 13:33:40+00', 1, 1, NULL, 5, NULL),
	(3, 'voucher_collect', 'bill:7', '{bill:7}', '甲方凭证', 0, '{"text":"甲方发送"}', '33aee2a2fe7b647e13a602f549abaa419e93cd2098e0186ba636b53ceeaa9d5d', 'pending', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:53+00', NULL, '', '2026-11-28 13:33:53+00', 3, 7, NULL, 6, NULL),
	(2, 'voucher_collect', 'voucher:3', '{voucher:3}', '甲方凭证', 0, '{"text":"甲方发送"}', '0b1bc2e5aafda7e2fbb911cbc7c56302c353c2c01b00a3c60a14cc600b5605ce', 'done', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:53+00', '2026-11-28 13:33:56+00', 'looked upstream', '2026-11-28 13:33:56+00', 3, 7, 1, 6, '2026-11-28 13:33:56+00'),
	(4, 'voucher_collect', 'order:7/O-0', '{order:7/O-0}', '推送0', 0, '{"n":"0"}', '0000000000000000000000000000000000000000000000000000000000000000', 'pending', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(5, 'voucher_delete', 'bill:7', '{bill:7}', '推送1', 0, '{"n":"1"}', '0000000000000000000000000000000000000000000000000000000000000001', 'sending', '', NULL, '', false, false, 0, NULL, NULL, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(6, 'invoice_status', 'voucher:3', '{voucher:3}', '推送2', 0, '{"n":"2"}', '0000000000000000000000000000000000000000000000000000000000000002', 'waiting', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(7, 'entry_cache', 'order:7/O-3', '{order:7/O-3}', '推送3', 0, '{"n":"3"}', '0000000000000000000000000000000000000000000000000000000000000003', 'needs_person', 'exceeded', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(8, 'entry_save', 'bill:7', '{bill:7}', '推送4', 0, '{"n":"4"}', '0000000000000000000000000000000000000000000000000000000000000004', 'done', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(9, 'entry_delete', 'voucher:3', '{voucher:3}', '推送5', 0, '{"n":"5"}', '0000000000000000000000000000000000000000000000000000000000000005', 'cancelled', 'superseded', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(10, 'bill_delete', 'order:7/O-6', '{order:7/O-6}', '推送6', 0, '{"n":"6"}', '0000000000000000000000000000000000000000000000000000000000000006', 'pending', '', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(11, 'order_invoice', 'bill:7', '{bill:7}', '推送7', 0, '{"n":"7"}', '0000000000000000000000000000000000000000000000000000000000000007', 'sending', '', NULL, '', false, false, 0, NULL, NULL, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '词', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(12, 'voucher_collect', 'bill:7', '{bill:7}', '停0', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000064', 'cancelled', 'refused', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(13, 'voucher_delete', 'bill:7', '{bill:7}', '停1', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000065', 'cancelled', 'configuration', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(14, 'invoice_status', 'bill:7', '{bill:7}', '停2', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000066', 'cancelled', 'exceeded', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(15, 'entry_cache', 'bill:7', '{bill:7}', '停3', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000067', 'cancelled', 'unknown', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(16, 'entry_save', 'bill:7', '{bill:7}', '停4', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000068', 'cancelled', 'superseded', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(17, 'entry_delete', 'bill:7', '{bill:7}', '停5', 0, '{}', '0000000000000000000000000000000000000000000000000000000000000069', 'cancelled', 'unneeded', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00'),
	(18, 'bill_delete', 'bill:7', '{bill:7}', '停6', 0, '{}', '000000000000000000000000000000000000000000000000000000000000006a', 'cancelled', 'dismissed', NULL, '', false, false, 0, NULL, NULL, NULL, '2026-11-28 13:33:59+00', NULL, '', '2026-11-28 13:33:59+00', 3, NULL, 1, 6, '2026-11-28 13:33:59+00');
INSERT INTO public.outbox_pushattempt VALUES
	(2, 1, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'done', NULL, '', 200, '', 18),
	(3, 2, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'already', NULL, '', 200, '', 18),
	(4, 3, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'later', NULL, '', 200, '', 18),
	(5, 4, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'refused', NULL, '', 200, '', 18),
	(6, 5, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'unknown', NULL, '', 200, '', 18),
	(7, 6, false, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'lost', NULL, '', 200, '', 18),
	(8, 7, true, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'took_effect', NULL, '', 200, '', 18),
	(9, 8, true, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'no_effect', NULL, '', 200, '', 18),
	(10, 9, true, 'w:1', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', 'cannot_tell', NULL, '', 200, '', 18),
	(1, 1, false, '甲方:1', '2026-03-02 01:00:00+00', NULL, 'refused', '{"code": "http.timeout", "params": {"host": "甲方"}}', '甲方请求', NULL, '甲方答复', 2);
INSERT INTO public.outbox_pushdecision VALUES
	(1, '2026-11-28 13:33:56+00', 'update', 'pending', '', false, '2026-11-28 13:33:56+00', '', 1, NULL, 2),
	(2, '2026-11-28 13:33:56+00', 'update', 'done', '', false, '2026-11-28 13:33:56+00', 'looked upstream', 1, NULL, 2),
	(3, '2026-11-28 13:33:59+00', 'update', 'pending', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 4),
	(4, '2026-11-28 13:33:59+00', 'update', 'sending', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 5),
	(5, '2026-11-28 13:33:59+00', 'update', 'waiting', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 6),
	(6, '2026-11-28 13:33:59+00', 'update', 'needs_person', 'exceeded', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 7),
	(7, '2026-11-28 13:33:59+00', 'update', 'done', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 8),
	(8, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'superseded', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 9),
	(9, '2026-11-28 13:33:59+00', 'update', 'pending', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 10),
	(10, '2026-11-28 13:33:59+00', 'update', 'sending', '', false, '2026-11-28 13:33:59+00', '词', 1, NULL, 11),
	(11, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'refused', false, '2026-11-28 13:33:59+00', '', 1, NULL, 12),
	(12, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'configuration', false, '2026-11-28 13:33:59+00', '', 1, NULL, 13),
	(13, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'exceeded', false, '2026-11-28 13:33:59+00', '', 1, NULL, 14),
	(14, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'unknown', false, '2026-11-28 13:33:59+00', '', 1, NULL, 15),
	(15, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'superseded', false, '2026-11-28 13:33:59+00', '', 1, NULL, 16),
	(16, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'unneeded', false, '2026-11-28 13:33:59+00', '', 1, NULL, 17),
	(17, '2026-11-28 13:33:59+00', 'update', 'cancelled', 'dismissed', false, '2026-11-28 13:33:59+00', '', 1, NULL, 18);
INSERT INTO public.pghistory_context VALUES
	('1d25f47d-442a-429b-9d46-e6658a21d669', '2026-11-28 13:33:51+00', '2026-11-28 13:33:51+00', '{"url": "/bills/1/", "user": 1}'),
	('b4b33b8d-0327-478c-bc21-01263782f908', '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', '{"url": "/admin/", "user": 1}'),
	('b57a8c43-59d1-4a3c-b8ab-13054d083691', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', '{"url": "/api/v1/bills/", "user": 1}');
INSERT INTO public.sources_cursor VALUES
	(1, 'invoices', '{"since": "2026-11-27 23:00:02", "stalled": ""}', '2026-11-28 13:33:41+00', 1),
	(2, 'invoices', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 2),
	(3, 'results', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 2),
	(4, 'rzzt:11', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(5, 'rzzt:12', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(6, 'rzzt:12/Y', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(7, 'rzzt:15', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(8, 'rzzt:17', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(9, 'rzzt:40', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(10, 'rzzt:10', '{"full": "2026-11", "todo": [], "start": "2025-12-28", "until": "2026-11-28"}', '2026-11-28 13:33:41+00', 3),
	(11, 'unlinked', '{"start": "2025-12-28", "until": "2026-11-28T21:33:00+08:00"}', '2026-11-28 13:33:41+00', 4);
INSERT INTO public.sources_quarantinedrecord VALUES
	(1, '173435232dbc6e54b9d91319bc603f24', '{"code": "record.bad_date", "params": {"field": "invoiceDate", "value": "2026-02-30"}}', 'record.bad_date', 'open', 1, '2026-11-28 13:33:35+00', NULL, '', NULL, 4, 1),
	(2, 'b153d5307191b9fe71cac89f45a8232d', '{"code": "record.bad_amount", "params": {"field": "invoiceMoney", "value": "壹佰元整"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:35+00', NULL, '', NULL, 6, 1),
	(3, 'bn:FP202601171000225', '{"code": "record.bad_date", "params": {"field": "issue_date", "value": "0000-00-00"}}', 'record.bad_date', 'open', 1, '2026-11-28 13:33:35+00', NULL, '', NULL, 7, 2),
	(4, 'bn:FP202602061000217', '{"code": "record.bad_amount", "params": {"field": "total_amount", "value": "面议"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:35+00', NULL, '', NULL, 8, 2),
	(5, '26322000000596949819', '{"code": "record.bad_amount", "params": {"field": "totalAmount", "value": "--"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 12, 3),
	(6, '033022630405:06980505', '{"code": "record.bad_date", "params": {"field": "billingDate", "value": "2026-13-01"}}', 'record.bad_date', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 15, 3),
	(7, 'INV260413F25D6F1CDE', '{"code": "record.bad_date", "params": {"field": "issueDate", "value": "昨天"}}', 'record.bad_date', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 18, 4),
	(8, 'INV26080377B9348074', '{"code": "record.bad_amount", "params": {"field": "totalPriceAndTax", "value": "无法识别"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 19, 4),
	(9, '94b325f488e728d83006054e6b86f12d5', '{"code": "record.bad_amount", "params": {"field": "totalAmount", "value": "一百二"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 20, 5),
	(10, 'cae1c39d6c7d9c74cc21202b4bc993c98', '{"code": "record.bad_date", "params": {"field": "invoiceDate", "value": "2026-06-31"}}', 'record.bad_date', 'open', 1, '2026-11-28 13:33:38+00', NULL, '', NULL, 21, 5),
	(11, '甲方-bad', '{"code": "record.bad_amount", "params": {"field": "amount", "value": "甲方值"}}', 'record.bad_amount', 'open', 1, '2026-11-28 13:33:52+00', NULL, '', NULL, 39, 6),
	(12, 'bad-1', '{"code": "record.bad_amount", "params": {"field": "amount", "value": "abc"}}', 'record.bad_amount', 'dismissed', 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', 'nothing', 1, 59, 6),
	(13, 'bad-2', '{"code": "record.bad_amount", "params": {"field": "amount", "value": "abc"}}', 'record.bad_amount', 'resolved', 1, '2026-11-28 13:33:56+00', '2026-11-28 13:33:56+00', '', 1, 60, 6);
INSERT INTO public.sources_rawrecord VALUES
	(2, 'invoices', '8f4dbf6058c62eac8fdef25ecdb03f0d', '0a724cc4975caf15ac6a89c025e63688', true, '{"id": "8f4dbf6058c62eac8fdef25ecdb03f0d"}', '2026-11-28 13:33:35+00', 1, 1),
	(3, 'invoices', '6136c54e91caeb6fd6bacdbfbb698f45', '38f14c7acc4178b342ed8cb5836a23f3', true, '{"id": "6136c54e91caeb6fd6bacdbfbb698f45"}', '2026-11-28 13:33:35+00', 1, 1),
	(1, 'invoices', '69020f9af15f9801245c8ec5aa25758a', 'b74904571f6bf4446b9730fe5f79dc02', true, '{"id": "69020f9af15f9801245c8ec5aa25758a"}', '2026-11-28 13:33:35+00', 1, 1),
	(7, 'invoices', 'bn:FP202601171000225', '0b888bdee48ba018c97bfcf225ce1e49', true, '{"detail":{"amount":16.88,"company_name":"广州润泽物流有限公司","invoice_bn":"FP202601171000225","invoice_status":"已开票","invoice_type":"电子发票（普通发票）","issue_date":"0000-00-00","items":[{"amount":16.88,"item_name":"*汽油*95号车用汽油","price":1.534545,"quantity":11,"spec":"国VI","unit":"升"}],"tax_amount":2.19,"tax_no":"914401061019005692","total_amount":19.07},"list":{"company_name":"广州润泽物流有限公司","invoice_bn":"FP202601171000225","invoice_status":"已开票","invoice_type":"电子发票（普通发票）","issue_date":"0000-00-00","total_amount":19.07}}', '2026-11-28 13:33:35+00', 2, 2),
	(9, 'rzzt:40', '26312000000001152019', '40:7780d125957b958f5aacab8290ed36a1', true, '{"abnormalType":"","billingDate":"2026-03-22 00:00:00","checkCode":"","checkDate":"2026-04-28 02:02:27","checkStatus":"1","deductible":"1","deductibleDate":"2026-04-28 02:02:27","deductibleMode":"1","deductiblePeriod":"202604","deductibleType":"1","invoiceCode":"","invoiceNumber":"26312000000001152019","invoiceType":"81","managementStatus":"0","purchaserName":"杭州云杉智能科技股份有限公司","purchaserTaxNo":"91330106600000119N","rzzt":"40","salesTaxName":"上海华诚科技有限公司","salesTaxNo":"91310115103405174E","skssq":"202604","state":"0","tdyslxDm":"","totalAmount":2142.14,"totalTax":278.48,"validTax":278.48,"ylzd2":"0","ylzd3":"","ylzd4":"","ylzd5":""}', '2026-11-28 13:33:37+00', 3, 3),
	(12, 'rzzt:10', '26322000000596949819', '10:369c6f44c42353e042931985983393f1', true, '{"abnormalType":"","billingDate":"2026-01-23","checkCode":"","checkDate":"","checkStatus":"0","deductible":"0","deductibleDate":"","deductibleMode":"","deductiblePeriod":"","deductibleType":"","invoiceCode":"","invoiceNumber":"26322000000596949819","invoiceType":"81","managementStatus":"0","purchaserName":"杭州云杉智能科技股份有限公司","purchaserTaxNo":"91330106600000119N","rzzt":"10","salesTaxName":"南京锦程物业服务有限公司","salesTaxNo":"913201021031676042","state":"0","tdyslxDm":"","totalAmount":"--","totalTax":6334.90,"validTax":6334.90,"ylzd2":"0","ylzd3":"","ylzd4":"","ylzd5":""}', '2026-11-28 13:33:38+00', 3, 3),
	(31, 'bills', 'bill:2026-BILL-000001', 'c6d87b327697d668694949495296b211', false, '{"billNumber":"2026-BILL-000001","serialNos":["94b325f488e728d83006054e6b86f12d5","aa634d946abbca43429dd1ae7cb177046","cae1c39d6c7d9c74cc21202b4bc993c98"]}', '2026-11-28 13:33:41+00', 5, 10),
	(32, 'bills', 'bill:BX202611000005', '46103feef9cde5aafd33d610bae4d71c', false, '{"billNumber":"BX202611000005","serialNos":[]}', '2026-11-28 13:33:41+00', 5, 10),
	(33, 'bills', 'bill:BX202611000004', '1f506fc7b99e184ac00e1040530477e0', false, '{"billNumber":"BX202611000004","serialNos":[]}', '2026-11-28 13:33:42+00', 5, 10),
	(17, 'unlinked', 'INV260416FEBEB14ABF', '6721dd0f430b7101232037fd4f0c2452', true, '{"id": "INV260416FEBEB14ABF"}', '2026-11-28 13:33:38+00', 4, 4),
	(20, 'details', '94b325f488e728d83006054e6b86f12d5', 'd6408498161dc63f3:2026-BILL-000001', true, '{"id": "94b325f488e728d83006054e6b86f12d5"}', '2026-11-28 13:33:38+00', 5, 5),
	(22, 'bills', 'bill:2026-BILL-000001', 'c34fdf0fbdbb931418993a2d3af55177', false, '{"billNumber":"2026-BILL-000001","serialNos":["94b325f488e728d83006054e6b86f12d5","cae1c39d6c7d9c74cc21202b4bc993c98"]}', '2026-11-28 13:33:38+00', 5, 5),
	(21, 'details', 'cae1c39d6c7d9c74cc21202b4bc993c98', 'd5f09518d2ca93ee6:2026-BILL-000001', true, '{"id": "cae1c39d6c7d9c74cc21202b4bc993c98"}', '2026-11-28 13:33:38+00', 5, 5),
	(23, 'messages', '38cdce45-0', 'e862856d6bc277860fb2ad76d2c758c2', false, '{"id": "38cdce45-0"}', '2026-11-28 13:33:38+00', 5, 5),
	(26, 'invoices', '053e99e8603cabfe7fffbf40b6e7f0ee', 'bb7301774983d75c3f3ca7d3e982c042', true, '{"id": "053e99e8603cabfe7fffbf40b6e7f0ee"}', '2026-11-28 13:33:41+00', 1, 6),
	(36, 'bills', 'bill:2026-11-LIVE-0001', 'fdff1f6c5a7cf7b4f06a4a5f122932a8', false, '{"billNumber":"2026-11-LIVE-0001","serialNos":["1dc57188ccb20bcb9a37b520422203823","eeea26dfd5010c003b3c8fd90fc00eef0"]}', '2026-11-28 13:33:42+00', 5, 10),
	(37, 'invoices', 'seen-0', '0000000000000000000000000000000000000000000000000000000000000000', true, '{"id": "seen-0"}', '2026-03-02 01:00:00+00', 6, NULL),
	(38, 'invoices', 'seen-0', '0000000000000000000000000000000000000000000000000000000000000001', true, '{"\u540d": "\u7532\u65b9\u8f7d\u8377"}', '2026-03-02 01:00:00+00', 6, 11),
	(39, 'invoices', '甲方-bad', '0000000000000000000000000000000000000000000000000000000000000002', true, '{"\u7968": "\u7532\u65b9\u574f"}', '2026-03-02 01:00:00+00', 6, NULL),
	(40, 'invoices', 'seen-1', '0000000000000000000000000000000000000000000000000000000000000003', true, '{"id": "seen-1"}', '2026-03-02 01:00:00+00', 6, NULL),
	(41, 'invoices', 'seen-2', '0000000000000000000000000000000000000000000000000000000000000004', true, '{"id": "seen-2"}', '2026-03-02 01:00:00+00', 6, NULL),
	(42, 'invoices', 'seen-3', '0000000000000000000000000000000000000000000000000000000000000005', true, '{"id": "seen-3"}', '2026-03-02 01:00:00+00', 6, NULL),
	(43, 'invoices', 'seen-4', '0000000000000000000000000000000000000000000000000000000000000006', true, '{"id": "seen-4"}', '2026-03-02 01:00:00+00', 6, NULL),
	(44, 'invoices', 'seen-5', '0000000000000000000000000000000000000000000000000000000000000007', true, '{"id": "seen-5"}', '2026-03-02 01:00:00+00', 6, NULL),
	(45, 'test', 'merge-1', 'fd4fccb87e9db9a88a258c50aaf69bed', true, '{"record":"{\"external_id\":\"merge-1\",\"kind\":\"digital_special\",\"digital_number\":\"25442000000012345678\",\"issue_date\":\"2025-03-01\",\"amount_excl_tax\":\"100.00\",\"total_amount\":\"113.00\",\"seller\":{\"name\":\"上海正源广告有限公司\",\"tax_no\":\"91310000000000001X\"}}"}', '2026-11-28 13:33:54+00', 8, NULL),
	(46, 'test', 'merge-2', '0b2cc50f8bda858d088f216cb1e1e96f', true, '{"record":"{\"external_id\":\"merge-2\",\"kind\":\"digital_special\",\"digital_number\":\"25442000000012345878\",\"issue_date\":\"2025-03-01\",\"amount_excl_tax\":\"100.00\",\"total_amount\":\"113.00\",\"seller\":{\"name\":\"上海正源广告有限公司\",\"tax_no\":\"91310000000000001X\"}}"}', '2026-11-28 13:33:54+00', 9, NULL),
	(34, 'details', 'eeea26dfd5010c003b3c8fd90fc00eef0', 'd8d769866ece89936:2026-11-LIVE-0001', true, '{"id": "eeea26dfd5010c003b3c8fd90fc00eef0"}', '2026-11-28 13:33:42+00', 5, 10),
	(47, 'test', 'dismiss-1', '763d9f3b35efdfb4ae1d50a509fdcbcf', true, '{"id": "dismiss-1"}', '2026-11-28 13:33:55+00', 8, NULL),
	(55, 'invoices', 'seen-6', '0000000000000000000000000000000000000000000000000000000000000008', true, '{"id": "seen-6"}', '2026-03-02 01:00:00+00', 6, NULL),
	(56, 'invoices', 'seen-7', '0000000000000000000000000000000000000000000000000000000000000009', true, '{"id": "seen-7"}', '2026-03-02 01:00:00+00', 7, NULL),
	(57, 'invoices', 'seen-8', '000000000000000000000000000000000000000000000000000000000000000a', true, '{"id": "seen-8"}', '2026-03-02 01:00:00+00', 6, NULL),
	(58, 'invoices', 'seen-9', '000000000000000000000000000000000000000000000000000000000000000b', true, '{"id": "seen-9"}', '2026-03-02 01:00:00+00', 7, NULL),
	(59, 'invoices', 'bad-1', '000000000000000000000000000000000000000000000000000000000000000c', true, '{"id": "bad-1"}', '2026-03-02 01:00:00+00', 6, NULL),
	(60, 'invoices', 'bad-2', '000000000000000000000000000000000000000000000000000000000000000d', true, '{"id": "bad-2"}', '2026-03-02 01:00:00+00', 6, NULL),
	(61, 'invoices', 'seen-10', '000000000000000000000000000000000000000000000000000000000000000e', true, '{"id": "seen-10"}', '2026-03-02 01:00:00+00', 6, NULL),
	(62, 'invoices', 'seen-11', '000000000000000000000000000000000000000000000000000000000000000f', true, '{"id": "seen-11"}', '2026-03-02 01:00:00+00', 6, NULL),
	(63, 'invoices', 'seen-12', '0000000000000000000000000000000000000000000000000000000000000010', true, '{"id": "seen-12"}', '2026-03-02 01:00:00+00', 6, NULL),
	(64, 'invoices', 'seen-13', '0000000000000000000000000000000000000000000000000000000000000011', true, '{"id": "seen-13"}', '2026-03-02 01:00:00+00', 6, NULL),
	(4, 'invoices', '173435232dbc6e54b9d91319bc603f24', 'ee79c3cd60d6db776016fb5af322f09a', true, '{"id": "173435232dbc6e54b9d91319bc603f24"}', '2026-11-28 13:33:35+00', 1, 1),
	(5, 'invoices', '8fb00cdbb29b01a45c8419174d41f432', 'd1dd518cfb61e5866034d1cb0995cdc9', true, '{"id": "8fb00cdbb29b01a45c8419174d41f432"}', '2026-11-28 13:33:35+00', 1, 1),
	(15, 'rzzt:10', '033022630405:06980505', '10:abb09f53bc14bf22eb0c696c50407c87', true, '{"id": "033022630405:06980505"}', '2026-11-28 13:33:38+00', 3, 3),
	(6, 'invoices', 'b153d5307191b9fe71cac89f45a8232d', 'f83ef042cde4932a82062066d987ab36', true, '{"id": "b153d5307191b9fe71cac89f45a8232d"}', '2026-11-28 13:33:35+00', 1, 1),
	(8, 'invoices', 'bn:FP202602061000217', '529792a2a5490af7b5e86cfda4bfda3a', true, '{"id": "bn:FP202602061000217"}', '2026-11-28 13:33:35+00', 2, 2),
	(10, 'rzzt:40', '26372000000619186008', '40:7fb0858d658e7c70eda1c7ebfeae9318', true, '{"id": "26372000000619186008"}', '2026-11-28 13:33:37+00', 3, 3),
	(11, 'rzzt:40', '044032610012:09104104', '40:7d637be35ab5a70632a6d86a6db05335', true, '{"id": "044032610012:09104104"}', '2026-11-28 13:33:37+00', 3, 3),
	(13, 'rzzt:10', '061012610004:23693907', '10:f722254fb2aa4563846b5d07ac9ca649', true, '{"id": "061012610004:23693907"}', '2026-11-28 13:33:38+00', 3, 3),
	(14, 'rzzt:10', '033012610011:85497306', '10:9418eca6086835a28eb58eb19ed041d3', true, '{"id": "033012610011:85497306"}', '2026-11-28 13:33:38+00', 3, 3),
	(16, 'rzzt:10', '032052610005:47300705', '10:54c3200e2d601e0340cdbad10fd2c2ee', true, '{"id": "032052610005:47300705"}', '2026-11-28 13:33:38+00', 3, 3),
	(18, 'unlinked', 'INV260413F25D6F1CDE', 'dcd12a2f8b237a2c2af327ad9c1c15b0', true, '{"id": "INV260413F25D6F1CDE"}', '2026-11-28 13:33:38+00', 4, 4),
	(19, 'unlinked', 'INV26080377B9348074', '16de599d0916ec0c82c1e9e8a6445d22', true, '{"id": "INV26080377B9348074"}', '2026-11-28 13:33:38+00', 4, 4),
	(24, 'details', 'eeea26dfd5010c003b3c8fd90fc00eef0', 'd8e3ca7049c6b913d:2026-11-LIVE-0001', true, '{"id": "eeea26dfd5010c003b3c8fd90fc00eef0"}', '2026-11-28 13:33:38+00', 5, 5),
	(25, 'details', '1dc57188ccb20bcb9a37b520422203823', 'd8db2982bafbb7941:2026-11-LIVE-0001', true, '{"id": "1dc57188ccb20bcb9a37b520422203823"}', '2026-11-28 13:33:38+00', 5, 5),
	(51, 'test', 'gone-1', '4e51c6db13c8aec54839340b7d92fa50', true, '{"id": "gone-1"}', '2026-11-28 13:33:55+00', 8, NULL),
	(52, 'test', 'gone-2', '23d21fd067396607726d05d1cd5d7dbc', true, '{"id": "gone-2"}', '2026-11-28 13:33:56+00', 9, NULL),
	(27, 'invoices', '69020f9af15f9801245c8ec5aa25758a', '23d7908402e89eeb7214c786114e1c7e', true, '{"id": "69020f9af15f9801245c8ec5aa25758a"}', '2026-11-28 13:33:41+00', 1, 6),
	(28, 'invoices', '6136c54e91caeb6fd6bacdbfbb698f45', '4c2d934910c701c88eed2584731a4e23', true, '{"id": "6136c54e91caeb6fd6bacdbfbb698f45"}', '2026-11-28 13:33:41+00', 1, 6),
	(29, 'unlinked', 'INV2611276B931540F1', 'd8fbeb9434acdc1a3d0ebf9c8f6c326f', true, '{"id": "INV2611276B931540F1"}', '2026-11-28 13:33:41+00', 4, 9),
	(30, 'details', 'aa634d946abbca43429dd1ae7cb177046', 'd93b93f187a36ce80:2026-BILL-000001', true, '{"id": "aa634d946abbca43429dd1ae7cb177046"}', '2026-11-28 13:33:41+00', 5, 10),
	(35, 'details', '1dc57188ccb20bcb9a37b520422203823', 'd33424947140acfec:2026-11-LIVE-0001', true, '{"id": "1dc57188ccb20bcb9a37b520422203823"}', '2026-11-28 13:33:42+00', 5, 10),
	(48, 'test', 'dismiss-2', 'b1f4e5053d854a0bb1bcc91859f50e08', true, '{"id": "dismiss-2"}', '2026-11-28 13:33:55+00', 9, NULL),
	(49, 'test', 'confirm-1', '73e6969cffc78c02c816e896b35cfdcc', true, '{"id": "confirm-1"}', '2026-11-28 13:33:55+00', 8, NULL),
	(50, 'test', 'confirm-2', '81db00ec4fd1db48b6b1dfca2f2a0a86', true, '{"id": "confirm-2"}', '2026-11-28 13:33:55+00', 9, NULL),
	(53, 'test', 'open-1', '33911e0db52f0f7cdc94af3b1e14de88', true, '{"id": "open-1"}', '2026-11-28 13:33:56+00', 8, NULL),
	(54, 'test', 'open-2', '4580438286c4c00e74066f92fe513db2', true, '{"id": "open-2"}', '2026-11-28 13:33:56+00', 9, NULL);
INSERT INTO public.sources_source VALUES
	(1, '查重工具(沙箱)', 'checker', 'https://upstream.example', 'gAAAAABrCtgvks69-xLzi4c0yQjo2lFH6yMLXavhC-_5kQ4Lon10pxhw5k985jEQuudcKVE4WY7noZJQ4MMvZGIrk285o6qqJRwqykl_eMLJYlvlikirDZ09h6wtaKZTZVSJOCPRT6Z7bDqFuiLhDF3GEo34rL137g==', '{"min_interval_seconds": 0}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1),
	(2, '商派OMS(沙箱)', 'shopex', 'https://upstream.example', 'gAAAAABrCtgvQVmMp2y5I-bJHXB5vn33SUGZgmpyo4K_YLjOGjTxBNNCdiz5kIDEuqol9EMHypRuN9kaXKugFN5fR4eAPDW9j3BRbMh7UzkZ046jP9rEkTPMjYq_2fwCQj3tUVnKEaBFvbTCcZMrHRKrco3p2o6T9Q==', '{"shop_id": "sbx-1", "start_date": "2025-12-28"}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 2),
	(4, '每刻报销(沙箱)', 'maycur', 'https://upstream.example', 'gAAAAABrCtgvgZ15MHNIESFIHRmTPCoMofh-Kg76ISNM7n7eK0eeNfsdyM5JFaCZWw3lPN6BvCJwGFgpyeRqoPBlAUSmc-lsBNnAUINtRVeS6sOG7eACa1_exgm2m42Wh0FEJwAvMzm0lTHdQ7NZyxIjzYRxTcwKsg==', '{"start_date": "2025-12-28", "watch_forms": []}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1),
	(3, '税局实时同步(沙箱)', 'etax', 'https://upstream.example', 'gAAAAABrCtgvXgtpxs64DJW77hXOYVFWaPZ-7hUTVrED_PEZXHF4K61NYfrggCX4Tjg1K674CDjvsAXvpQYEUErPd3pvt88QprAuuafpDw_JMMQ0rE4NISE97glE1jyQYSGYjWJMc3Lgf_5EqbzPsfhv8eVIvx8fHKxI0fygLnmmWGK0_YUTSy82Jay-tzBrs3MTYSG7ql52H0DQPfhOJZZ7G_YKe4GF2ghxuU6sii01xTAwBFzjqeU=', '{"rzzt": ["10", "11", "12", "12/Y", "15", "17", "40"], "start_date": "2025-12-28", "rzzt_labels": {"10": "未勾选", "11": "当期已勾选", "12": "12", "15": "不抵扣已勾选", "17": "出口退税已认证", "40": "往期抵扣", "12/Y": "转内销"}}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1),
	(5, '发票云(沙箱)', 'piaozone', 'https://upstream.example', 'gAAAAABrCtgvlFNy4o7RWP3vaVks2WpMhVH1BeSJJk33Td3psOQU85raP--9414aftOm-lqOa_X-z7dLB-KunQs_bNFT5h4-KOWG7dGPMNjVkiHeuyxQiuyWFEBEn9ejB5ZZeHbfgOaAC3i5kchMW5Aqum4T5Lm6kDRGwbJgoFBXXnX6uMnW7Jiy11NeRa_RxhQ_p6WXrZlUccCf-2jfQ8tGsB0tv_uP-NHyjbAVXwozIq1_QvI50jRRgFeevvzSxDZBk5udpYmH6RTFPzQe33EzvqDQsDu0tj47rL_2dMs7KjwzvpmG_iY=', '{"watch_bills": ["2026-BILL-000001"], "watch_channels": ["38cdce4542d2b8f972d517ced291ae9a", "9264c3e585057228377cb009a3e02581", "829b5579abfc8d98fb17b25aba937e34", "5afe8eea5b965a119fead584b5d1245b", "568113e7210b56c64b680ae97795d18f", "e8f245e7eb005e48556bfe35b0b6e8bb"]}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1),
	(7, '甲方 shop', 'shopex', 'https://upstream.example', 'gAAAAABrCthAo5Po2ZmT0tlnRbIiv-XSnHHIWpoCjn4XS8YejInZV5d_Vt3ZKQjOabfENzK1tsP7fjKKgQI-r1xz21jWaI4JltCis26vbiRZM7uRrE-pAX3A80gTD7IdLXKCfOQlXMEL', '{}', true, 30, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3),
	(6, '甲方 source', 'piaozone', 'https://upstream.example', 'gAAAAABrCthBeFDg8DRRJJ-6Y0_PwCoZdN1ceWX6TfydVkq6_xkJ5TpxbpcaEXafqgTrqvNmVBFhEBMq36nlMdm5tMYJImpbTRYa4Dc3dqV7gHTzDE9bXQwqEneg13GHylaQluWVEc8p_DsCyt_jN9BOzcszUML-I1GWHBhMUjfT5-sl_39Baw_Hkzs6FitAAKJsvwoE5tyEH3m6w4-OxBTX3Z9nu0ikF9mmhCg-cUxHdp6pWrtlZmst-3D24ro8eVBqXkhqYbxB', '{}', true, 15, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 3),
	(8, '税局二', 'etax', 'https://upstream.example', 'gAAAAABrCthBpNklegjUeNxI9OBV7ylC3HX5cYXoHtIMGHL2KhlC51iQyGfn7wGbZ3ig1770_DGNIyV8ucwFsX77PwZE_Vgbi_iqbofGvFQ9TvLdMG_LrSV1kKjIRQDRQznD6WvFLtF_ero1cZ2p11_WA4seGbcHh1CjEUJ3YkxKuP4190Ne5Zs=', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4),
	(9, '查重二', 'checker', 'https://upstream.example', 'gAAAAABrCthByUJ4vbMgYK8lbpQoHYILIZGOz5_L8EjUyQxx53aaLPj6VN0h1onUXWK6bhfKyFvOX7Vt_35Ma7xtwXHj7ZoxOIb9h1PArQPOhwWStBMiKYxi5CYZB1SCLQeRVJTO_V7WRBG8YgKzmVJeqcUX97Q3ME3rR3Prw2r5FHbJM5eHVl8=', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4),
	(10, '每刻二', 'maycur', 'https://upstream.example', 'gAAAAABrCthBN3xOxOunb6S2mF-MbQFaNdRv-RNxRAwTZTIUh2pGIqLuMY6V6bSz7LexboCDsteGXJti5-XkpfT_jUOyJFKlp1_tFWfULrjHJrBoZbFs06fFFploygvhtR8IVRk9YtxHMDwaUNNM1FVoroF1V2VNto_iD7ZjWRThCsz6RFt9P9g=', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4),
	(11, '文件', 'file', 'https://upstream.example', 'gAAAAABrCthHfaFJM9dJAcSUBekuvwCxz_rZDLnnFCUmvuV2Rl5vLxWGIarnW5Xccj74JFgMY8M5GrFvcqXZIuMZZKgxhJWuyA==', '{}', true, 30, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 3);
INSERT INTO public.sources_sourceevent VALUES
	(1, '2026-11-28 13:33:35+00', 'insert', 1, '查重工具(沙箱)', 'checker', 'https://upstream.example', '{"min_interval_seconds": 0}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 1),
	(2, '2026-11-28 13:33:35+00', 'insert', 2, '商派OMS(沙箱)', 'shopex', 'https://upstream.example', '{"shop_id": "sbx-1", "start_date": "2025-12-28"}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 2, NULL, 2),
	(3, '2026-11-28 13:33:35+00', 'insert', 3, '税局实时同步(沙箱)', 'etax', 'https://upstream.example', '{"rzzt": ["10", "11", "12", "12/Y", "15", "17", "40"], "start_date": "2025-12-28", "rzzt_labels": {"10": "未勾选", "11": "当期已勾选", "12": "12", "15": "不抵扣已勾选", "17": "出口退税已认证", "40": "往期抵扣", "12/Y": "转内销"}}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 3),
	(4, '2026-11-28 13:33:35+00', 'insert', 4, '每刻报销(沙箱)', 'maycur', 'https://upstream.example', '{"start_date": "2025-12-28", "watch_forms": []}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 4),
	(5, '2026-11-28 13:33:35+00', 'insert', 5, '发票云(沙箱)', 'piaozone', 'https://upstream.example', '{"watch_bills": ["2026-BILL-000001"], "watch_channels": ["38cdce4542d2b8f972d517ced291ae9a", "9264c3e585057228377cb009a3e02581", "829b5579abfc8d98fb17b25aba937e34", "5afe8eea5b965a119fead584b5d1245b", "568113e7210b56c64b680ae97795d18f", "e8f245e7eb005e48556bfe35b0b6e8bb"]}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 5),
	(6, '2026-11-28 13:33:43+00', 'update', 1, '查重工具(沙箱)', 'checker', 'https://upstream.example', '{"min_interval_seconds": 0}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 1),
	(7, '2026-11-28 13:33:43+00', 'update', 2, '商派OMS(沙箱)', 'shopex', 'https://upstream.example', '{"shop_id": "sbx-1", "start_date": "2025-12-28"}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 2, NULL, 2),
	(8, '2026-11-28 13:33:43+00', 'update', 3, '税局实时同步(沙箱)', 'etax', 'https://upstream.example', '{"rzzt": ["10", "11", "12", "12/Y", "15", "17", "40"], "start_date": "2025-12-28", "rzzt_labels": {"10": "未勾选", "11": "当期已勾选", "12": "12", "15": "不抵扣已勾选", "17": "出口退税已认证", "40": "往期抵扣", "12/Y": "转内销"}}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 3),
	(9, '2026-11-28 13:33:43+00', 'update', 4, '每刻报销(沙箱)', 'maycur', 'https://upstream.example', '{"start_date": "2025-12-28", "watch_forms": []}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 4),
	(10, '2026-11-28 13:33:43+00', 'update', 5, '发票云(沙箱)', 'piaozone', 'https://upstream.example', '{"watch_bills": ["2026-BILL-000001"], "watch_channels": ["38cdce4542d2b8f972d517ced291ae9a", "9264c3e585057228377cb009a3e02581", "829b5579abfc8d98fb17b25aba937e34", "5afe8eea5b965a119fead584b5d1245b", "568113e7210b56c64b680ae97795d18f", "e8f245e7eb005e48556bfe35b0b6e8bb"]}', true, 30, '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 1, NULL, 5),
	(11, '2026-11-28 13:33:52+00', 'insert', 6, '甲方 source', 'piaozone', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 6),
	(12, '2026-11-28 13:33:52+00', 'insert', 7, '甲方 shop', 'shopex', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:52+00', '2026-11-28 13:33:52+00', 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 7),
	(13, '2026-11-28 13:33:53+00', 'update', 6, '甲方 source', 'piaozone', 'https://upstream.example', '{}', true, 15, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 3, 'b4b33b8d-0327-478c-bc21-01263782f908', 6),
	(14, '2026-11-28 13:33:53+00', 'insert', 8, '税局二', 'etax', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4, NULL, 8),
	(15, '2026-11-28 13:33:53+00', 'insert', 9, '查重二', 'checker', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4, NULL, 9),
	(16, '2026-11-28 13:33:53+00', 'insert', 10, '每刻二', 'maycur', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', 4, NULL, 10),
	(17, '2026-11-28 13:33:59+00', 'insert', 11, '文件', 'file', 'https://upstream.example', '{}', true, 30, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 3, NULL, 11);
INSERT INTO public.sources_sourcestate VALUES
	(1, NULL, NULL, 0, 'gAAAAABrCtgvQeJnu_-7WXUXjDGFy50XSo-nfYwFHGtnvehItq4gSnleEJOId_a25IaMQSlNG5K32i_rFPr7WHqRtr0TcR6bzQ==', NULL),
	(3, NULL, NULL, 0, 'gAAAAABrCtgwK-XZFXACyNfuXrjB38Idtbtlp4VhEAbo7h5uFHvOh4OVoAFt7tpvHHyaMlfTUZekMmxz7AJT26EivbEOPpgIpw==', NULL),
	(4, NULL, NULL, 1795872818270, 'gAAAAABrCtgydZMpOg5rEJm0JSiPO6Y06Ida4_xoIPuL7rwBA6Gs-cKUA4zF9QpzRdojIgpzqMDrFTlPPqLRx1meEWCxAIBe5pTwonYCjG-CHN0veeK1mXPD5-6bbrQkj0LxxXVcHFVv6I2mtxzNP5fx761hKoBR6LxVgdWha-dRmZapGKvBsm4=', '2026-11-28 13:53:38+00'),
	(2, NULL, NULL, 1795872841, 'gAAAAABrCtgv8l4GMeT4KsAZyvpd02Ncwwb5er20SOlKSRtdSOREBlPbuC8KUTfn8AboqkFBPQrYC90xFM9CreZWzdZBDa-Fjw==', NULL),
	(5, NULL, NULL, 1795872822147, 'gAAAAABrCtgycdGU7H9Gd1pY-ZVSd-eCra0wUFHIs6tY9vakdYsNpvulz0mE1e3-ZBIXs8tnWz9VdaEmUn-bW6DH-Md5cMPW9PHRFyVem6JrS44RSZB4xJAxhSazEogW5iOHQaw1rFXXK8pXuJilXAotcNRCn2jYZw==', '2026-11-30 01:23:38+00');
INSERT INTO public.sources_syncrun VALUES
	(1, 'command', 'partial', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', 'host:1:token', NULL, 1, 6, 4, 0, 0, 2, 0, 0, '', false, NULL, '', '[]', NULL, 1),
	(8, 'command', 'succeeded', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 'host:1:token', NULL, 14, 1, 0, 0, 1, 0, 0, 1, '', false, NULL, '', '[]', NULL, 3),
	(9, 'command', 'succeeded', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 'host:1:token', NULL, 1, 1, 1, 0, 0, 0, 0, 0, '', false, NULL, '', '[]', NULL, 4),
	(4, 'command', 'partial', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 'host:1:token', NULL, 12, 3, 1, 0, 0, 2, 0, 0, '', false, NULL, '', '[]', NULL, 4),
	(5, 'command', 'partial', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', '2026-11-28 13:33:39+00', 'host:1:token', NULL, 4, 6, 4, 0, 0, 2, 0, 0, '', false, NULL, '', '[]', NULL, 5),
	(2, 'command', 'partial', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:35+00', '2026-11-28 13:33:36+00', 'host:1:token', NULL, 24, 2, 0, 0, 0, 2, 0, 0, '', false, NULL, '', '[]', NULL, 2),
	(6, 'command', 'partial', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 'host:1:token', NULL, 1, 4, 1, 2, 0, 1, 0, 0, '', false, NULL, '', '[]', NULL, 1),
	(7, 'command', 'succeeded', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', 'host:1:token', NULL, 3, 0, 0, 0, 0, 0, 0, 0, '', false, NULL, '', '[]', NULL, 2),
	(3, 'command', 'partial', '2026-11-28 13:33:36+00', '2026-11-28 13:33:36+00', '2026-11-28 13:33:38+00', '2026-11-28 13:33:38+00', 'host:1:token', NULL, 84, 8, 6, 0, 0, 2, 0, 8, '', false, NULL, '', '[]', NULL, 3),
	(11, 'schedule', 'failed', '2026-11-28 13:33:52+00', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', '2026-03-02 01:01:00+00', 'host:1:token', NULL, 0, 1, 1, 0, 0, 0, 0, 0, '甲方 page 3', false, '{"code": "http.timeout", "params": {"host": "甲方.example"}}', 'try_later', '[]', 7, 6),
	(10, 'command', 'running', '2026-11-28 13:33:41+00', '2026-11-28 13:33:41+00', '2026-11-28 13:33:42+00', '2026-11-28 13:33:43+00', 'host:1:token', NULL, 8, 9, 4, 3, 0, 2, 0, 0, '', false, NULL, '', '[]', NULL, 5),
	(14, 'person', 'queued', '2026-11-28 13:33:59+00', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', '2026-03-02 01:01:00+00', '', NULL, 0, 0, 0, 0, 0, 0, 0, 0, '', false, NULL, '', '[]', NULL, 6),
	(13, 'api', 'cancelled', '2026-11-28 13:33:59+00', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', '2026-03-02 01:01:00+00', '', NULL, 0, 0, 0, 0, 0, 0, 0, 0, '', false, NULL, '', '[]', NULL, 6),
	(12, 'recovery', 'interrupted', '2026-11-28 13:33:59+00', '2026-03-02 01:00:00+00', '2026-03-02 01:00:00+00', '2026-03-02 01:01:00+00', '', NULL, 0, 0, 0, 0, 0, 0, 0, 0, '', false, NULL, '', '[]', NULL, 6);
INSERT INTO public.vouchers_accountbook VALUES
	(1, '总账', 'ZT001', '', '', '', 'CNY', '', '', '', '2026-11-28 13:33:40+00', 1, 5),
	(2, '甲方账套', '甲方A', '', '', '', 'CNY', '', 'C1', '001', '2026-11-28 13:33:52+00', 3, 6);
INSERT INTO public.vouchers_accountbookevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, '总账', 'ZT001', '', '', '', 'CNY', '', '', '', '2026-11-28 13:33:40+00', 1, NULL, 1, 5),
	(2, '2026-11-28 13:33:52+00', 'insert', 2, '甲方账套', '甲方A', '', '', '', 'CNY', '', 'C1', '001', '2026-11-28 13:33:52+00', 3, '1d25f47d-442a-429b-9d46-e6658a21d669', 2, 6);
INSERT INTO public.vouchers_accountmapping VALUES
	(1, '差旅费', '6602.01', '2221.01', '2241', 1),
	(2, '办公费', '6602.02', '2221.01', '2241', 1),
	(3, '业务招待费', '6602.03', '2221.01', '2241', 1),
	(4, '', '6602.99', '2221.01', '2241', 1),
	(5, '甲方费用', '甲方科目', '2221', '', 2);
INSERT INTO public.vouchers_accountmappingevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, '差旅费', '6602.01', '2221.01', '2241', 1, NULL, 1),
	(2, '2026-11-28 13:33:40+00', 'insert', 2, '办公费', '6602.02', '2221.01', '2241', 1, NULL, 2),
	(3, '2026-11-28 13:33:40+00', 'insert', 3, '业务招待费', '6602.03', '2221.01', '2241', 1, NULL, 3),
	(4, '2026-11-28 13:33:40+00', 'insert', 4, '', '6602.99', '2221.01', '2241', 1, NULL, 4),
	(5, '2026-11-28 13:33:52+00', 'insert', 5, '甲方费用', '甲方科目', '', '', 2, '1d25f47d-442a-429b-9d46-e6658a21d669', 5),
	(6, '2026-11-28 13:33:53+00', 'update', 5, '甲方费用', '甲方科目', '2221', '', 2, 'b4b33b8d-0327-478c-bc21-01263782f908', 5);
INSERT INTO public.vouchers_alarmwatermark VALUES
	(1, '2026-11-28 13:33:59+00');
INSERT INTO public.vouchers_closedperiod VALUES
	(1, '202511', '2026-11-28 13:33:52+00', 2, 7);
INSERT INTO public.vouchers_closedperiodevent VALUES
	(1, '2026-11-28 13:33:52+00', 'insert', 1, '202511', '2026-11-28 13:33:52+00', 2, 7, '1d25f47d-442a-429b-9d46-e6658a21d669'),
	(2, '2026-11-28 13:33:53+00', 'insert', 2, '202510', '2026-11-28 13:33:53+00', 2, 1, 'b4b33b8d-0327-478c-bc21-01263782f908'),
	(3, '2026-11-28 13:33:53+00', 'delete', 2, '202510', '2026-11-28 13:33:53+00', 2, 1, 'b4b33b8d-0327-478c-bc21-01263782f908');
INSERT INTO public.vouchers_redfinding VALUES
	(1, 'void', 'acknowledged', '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', '2026-11-28 13:33:53+00', '甲方处理', 1, 9),
	(2, 'void', 'open', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 7),
	(3, 'normal', 'open', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(4, 'void', 'acknowledged', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(5, 'red', 'gone', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(6, 'partly_red', 'open', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(7, 'fully_red', 'acknowledged', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(8, 'red_pending', 'gone', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(9, 'lost_control', 'open', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(10, 'abnormal', 'acknowledged', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10),
	(11, 'unknown', 'gone', '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', NULL, '', NULL, 10);
INSERT INTO public.vouchers_redfinding_bills VALUES
	(1, 1, 7),
	(2, 2, 6);
INSERT INTO public.vouchers_redfinding_people VALUES
	(1, 1, 7);
INSERT INTO public.vouchers_redfinding_vouchers VALUES
	(1, 1, 3);
INSERT INTO public.vouchers_redfindingevent VALUES
	(1, '2026-11-28 13:33:53+00', 'insert', 1, 'void', 'open', '2026-11-28 13:33:52+00', NULL, '甲方处理', NULL, 9, '1d25f47d-442a-429b-9d46-e6658a21d669', 1),
	(2, '2026-11-28 13:33:53+00', 'update', 1, 'void', 'acknowledged', '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', '甲方处理', 1, 9, 'b4b33b8d-0327-478c-bc21-01263782f908', 1),
	(3, '2026-11-28 13:33:59+00', 'insert', 2, 'void', 'open', '2026-11-28 13:33:59+00', NULL, '', NULL, 7, NULL, 2),
	(4, '2026-11-28 13:33:59+00', 'insert', 3, 'normal', 'open', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 3),
	(5, '2026-11-28 13:33:59+00', 'insert', 4, 'void', 'acknowledged', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 4),
	(6, '2026-11-28 13:33:59+00', 'insert', 5, 'red', 'gone', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 5),
	(7, '2026-11-28 13:33:59+00', 'insert', 6, 'partly_red', 'open', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 6),
	(8, '2026-11-28 13:33:59+00', 'insert', 7, 'fully_red', 'acknowledged', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 7),
	(9, '2026-11-28 13:33:59+00', 'insert', 8, 'red_pending', 'gone', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 8),
	(10, '2026-11-28 13:33:59+00', 'insert', 9, 'lost_control', 'open', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 9),
	(11, '2026-11-28 13:33:59+00', 'insert', 10, 'abnormal', 'acknowledged', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 10),
	(12, '2026-11-28 13:33:59+00', 'insert', 11, 'unknown', 'gone', '2026-11-28 13:33:59+00', NULL, '', NULL, 10, NULL, 11);
INSERT INTO public.vouchers_voucher VALUES
	(1, '24571f11fe744482a4b277d9ee425652', '1', '2026-11-28', '2026-11-28', '202611', '', '1', '', NULL, '管 理', '', '', 1, '', '', NULL, 'booked', 'waiting', 1, NULL, false, 324.23, 324.23, '2026-11-28 13:33:40+00', '2026-11-28 13:33:40+00', 1, 1, 1),
	(2, '甲方-a3cc3d', '甲方af06a9', '2026-03-02', '2026-03-03', '202603', '', '1', '甲方补充', NULL, '甲方制单', '', '', 0, '', '', NULL, 'draft', 'not_sent', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:52+00', '2026-11-28 13:33:53+00', 2, NULL, 7),
	(3, '甲方-dc575a', '甲方21163d', '2026-03-02', '2026-03-03', '202603', '', '1', '甲方补充', NULL, '甲方制单', '', '', 0, '', '', NULL, 'booked', 'outdated', 1, 0, true, 113.00, 113.00, '2026-11-28 13:33:52+00', '2026-11-28 13:33:56+00', 2, 7, NULL),
	(4, 'cover-0', '', '2026-03-02', '2026-03-03', '202603', '记', '1', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'not_sent', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(5, 'cover-1', '', '2026-03-02', '2026-03-03', '202603', '记', '2', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'waiting', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(6, 'cover-2', '', '2026-03-02', '2026-03-03', '202603', '记', '3', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'collected', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(7, 'cover-3', '', '2026-03-02', '2026-03-03', '202603', '记', '4', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'outdated', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(8, 'cover-4', '', '2026-03-02', '2026-03-03', '202603', '记', '5', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'deleting', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(9, 'cover-5', '', '2026-03-02', '2026-03-03', '202603', '记', '1', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 'deleted', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL),
	(10, 'cover-6', '', '2026-03-02', '2026-03-03', '202603', '记', '2', '', NULL, '', '', '', 0, '', '', NULL, 'void', 'problem', 1, NULL, false, 113.00, 113.00, '2026-11-28 13:33:59+00', '2026-11-28 13:33:59+00', 2, NULL, NULL);
INSERT INTO public.vouchers_voucherbill VALUES
	(1, 3, 1),
	(3, 7, 2);
INSERT INTO public.vouchers_voucherbillevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, 3, NULL, 1),
	(2, '2026-11-28 13:33:52+00', 'insert', 2, 7, '1d25f47d-442a-429b-9d46-e6658a21d669', 2),
	(3, '2026-11-28 13:33:53+00', 'delete', 2, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 2),
	(4, '2026-11-28 13:33:53+00', 'insert', 3, 7, 'b4b33b8d-0327-478c-bc21-01263782f908', 2);
INSERT INTO public.vouchers_voucherentry VALUES
	(1, 1, '王芳 差旅费（BX202611000003）', '6602.01', '', 324.23, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 1),
	(2, 2, 'BX202611000003', '2241', '', 0.00, 324.23, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 1),
	(4, 2, '甲方摘要', '甲方科目', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 2),
	(5, 1, '甲方摘要', '甲方科目', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 3),
	(6, 2, '甲方摘要', '甲方科目', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 3),
	(3, 1, '甲方摘要', '甲方科目', '', 113.00, 0.00, 'CNY', NULL, NULL, 2.0000000000, '', NULL, NULL, 2),
	(7, 1, '王芳 差旅费', '6602', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 4),
	(8, 2, '应付', '2241', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, 4);
INSERT INTO public.vouchers_voucherentryevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, 1, '王芳 差旅费（BX202611000003）', '6602.01', '', 324.23, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, NULL, 1, 1),
	(2, '2026-11-28 13:33:40+00', 'insert', 2, 2, 'BX202611000003', '2241', '', 0.00, 324.23, 'CNY', NULL, NULL, NULL, '', NULL, NULL, NULL, 2, 1),
	(3, '2026-11-28 13:33:52+00', 'insert', 3, 1, '王芳 差旅费', '6602', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 3, 2),
	(4, '2026-11-28 13:33:52+00', 'insert', 4, 2, '应付', '2241', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 4, 2),
	(5, '2026-11-28 13:33:52+00', 'update', 3, 1, '甲方摘要', '甲方科目', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 3, 2),
	(6, '2026-11-28 13:33:52+00', 'update', 4, 2, '甲方摘要', '甲方科目', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 4, 2),
	(7, '2026-11-28 13:33:52+00', 'insert', 5, 1, '王芳 差旅费', '6602', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 5, 3),
	(8, '2026-11-28 13:33:52+00', 'insert', 6, 2, '应付', '2241', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 6, 3),
	(9, '2026-11-28 13:33:52+00', 'update', 5, 1, '甲方摘要', '甲方科目', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 5, 3),
	(10, '2026-11-28 13:33:52+00', 'update', 6, 2, '甲方摘要', '甲方科目', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 6, 3),
	(11, '2026-11-28 13:33:53+00', 'update', 3, 1, '甲方摘要', '甲方科目', '', 113.00, 0.00, 'CNY', NULL, NULL, 2.0000000000, '', NULL, NULL, 'b4b33b8d-0327-478c-bc21-01263782f908', 3, 2),
	(12, '2026-11-28 13:33:59+00', 'insert', 7, 1, '王芳 差旅费', '6602', '', 113.00, 0.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, NULL, 7, 4),
	(13, '2026-11-28 13:33:59+00', 'insert', 8, 2, '应付', '2241', '', 0.00, 113.00, 'CNY', NULL, NULL, NULL, '', NULL, NULL, NULL, 8, 4);
INSERT INTO public.vouchers_voucherevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, '24571f11fe744482a4b277d9ee425652', '1', '2026-11-28', '2026-11-28', '202611', '', '1', '', NULL, '管 理', '', '', 1, '', '', NULL, 'draft', 1, 324.23, 324.23, '2026-11-28 13:33:40+00', 1, NULL, 1, NULL, 1),
	(2, '2026-11-28 13:33:40+00', 'update', 1, '24571f11fe744482a4b277d9ee425652', '1', '2026-11-28', '2026-11-28', '202611', '', '1', '', NULL, '管 理', '', '', 1, '', '', NULL, 'booked', 1, 324.23, 324.23, '2026-11-28 13:33:40+00', 1, 1, 1, NULL, 1),
	(3, '2026-11-28 13:33:52+00', 'insert', 2, '甲方-a3cc3d', '甲方af06a9', '2026-03-02', '2026-03-03', '202603', '', '1', '甲方补充', NULL, '甲方制单', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:52+00', 2, NULL, 7, '1d25f47d-442a-429b-9d46-e6658a21d669', 2),
	(4, '2026-11-28 13:33:52+00', 'insert', 3, '甲方-dc575a', '甲方21163d', '2026-03-02', '2026-03-03', '202603', '', '1', '甲方补充', NULL, '甲方制单', '', '', 0, '', '', NULL, 'booked', 1, 113.00, 113.00, '2026-11-28 13:33:52+00', 2, 7, NULL, '1d25f47d-442a-429b-9d46-e6658a21d669', 3),
	(5, '2026-11-28 13:33:59+00', 'insert', 4, 'cover-0', '', '2026-03-02', '2026-03-03', '202603', '记', '1', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 4),
	(6, '2026-11-28 13:33:59+00', 'insert', 5, 'cover-1', '', '2026-03-02', '2026-03-03', '202603', '记', '2', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 5),
	(7, '2026-11-28 13:33:59+00', 'insert', 6, 'cover-2', '', '2026-03-02', '2026-03-03', '202603', '记', '3', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 6),
	(8, '2026-11-28 13:33:59+00', 'insert', 7, 'cover-3', '', '2026-03-02', '2026-03-03', '202603', '记', '4', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 7),
	(9, '2026-11-28 13:33:59+00', 'insert', 8, 'cover-4', '', '2026-03-02', '2026-03-03', '202603', '记', '5', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 8),
	(10, '2026-11-28 13:33:59+00', 'insert', 9, 'cover-5', '', '2026-03-02', '2026-03-03', '202603', '记', '1', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 9),
	(11, '2026-11-28 13:33:59+00', 'insert', 10, 'cover-6', '', '2026-03-02', '2026-03-03', '202603', '记', '2', '', NULL, '', '', '', 0, '', '', NULL, 'draft', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 10),
	(12, '2026-11-28 13:34:00+00', 'update', 10, 'cover-6', '', '2026-03-02', '2026-03-03', '202603', '记', '2', '', NULL, '', '', '', 0, '', '', NULL, 'void', 1, 113.00, 113.00, '2026-11-28 13:33:59+00', 2, NULL, NULL, NULL, 10);
INSERT INTO public.vouchers_voucherimport VALUES
	(1, '甲方.json', '[[1, {"book": "\u7532\u65b9A", "vouch_no": "\u7532\u65b9"}]]', '2026-11-28 13:33:53+00', 7);
INSERT INTO public.vouchers_voucherinvoice VALUES
	(1, false, NULL, '', 2, 1),
	(3, false, NULL, '', 9, 3),
	(2, false, 13.00, '甲方转出', 9, 2);
INSERT INTO public.vouchers_voucherinvoiceevent VALUES
	(1, '2026-11-28 13:33:40+00', 'insert', 1, false, NULL, '', 2, NULL, 1, 1),
	(2, '2026-11-28 13:33:52+00', 'insert', 2, false, NULL, '甲方转出', 9, '1d25f47d-442a-429b-9d46-e6658a21d669', 2, 2),
	(3, '2026-11-28 13:33:52+00', 'insert', 3, false, NULL, '', 9, '1d25f47d-442a-429b-9d46-e6658a21d669', 3, 3),
	(4, '2026-11-28 13:33:53+00', 'update', 2, false, 13.00, '甲方转出', 9, 'b4b33b8d-0327-478c-bc21-01263782f908', 2, 2);
SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, true);
SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, true);
SELECT pg_catalog.setval('public.accounts_company_id_seq', 4, true);
SELECT pg_catalog.setval('public.accounts_companyevent_pgh_id_seq', 5, true);
SELECT pg_catalog.setval('public.accounts_user_companies_id_seq', 12, true);
SELECT pg_catalog.setval('public.accounts_user_groups_id_seq', 7, true);
SELECT pg_catalog.setval('public.accounts_user_id_seq', 8, true);
SELECT pg_catalog.setval('public.accounts_user_user_permissions_id_seq', 2, true);
SELECT pg_catalog.setval('public.accounts_usercompanyevent_pgh_id_seq', 13, true);
SELECT pg_catalog.setval('public.accounts_userevent_pgh_id_seq', 9, true);
SELECT pg_catalog.setval('public.accounts_userroleevent_pgh_id_seq', 8, true);
SELECT pg_catalog.setval('public.auth_group_id_seq', 6, true);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 273, true);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 367, true);
SELECT pg_catalog.setval('public.axes_accessattempt_id_seq', 1, true);
SELECT pg_catalog.setval('public.axes_accessfailurelog_id_seq', 1, true);
SELECT pg_catalog.setval('public.axes_accesslog_id_seq', 2, true);
SELECT pg_catalog.setval('public.bills_assistantmessage_id_seq', 8, true);
SELECT pg_catalog.setval('public.bills_assistantsession_id_seq', 1, true);
SELECT pg_catalog.setval('public.bills_bill_id_seq', 19, true);
SELECT pg_catalog.setval('public.bills_billcover_id_seq', 1, true);
SELECT pg_catalog.setval('public.bills_billentry_id_seq', 7, true);
SELECT pg_catalog.setval('public.bills_billentryevent_pgh_id_seq', 9, true);
SELECT pg_catalog.setval('public.bills_billevent_pgh_id_seq', 44, true);
SELECT pg_catalog.setval('public.bills_billstep_id_seq', 40, true);
SELECT pg_catalog.setval('public.bills_checksetting_id_seq', 22, true);
SELECT pg_catalog.setval('public.bills_checksettingevent_pgh_id_seq', 23, true);
SELECT pg_catalog.setval('public.bills_complianceoverride_id_seq', 20, true);
SELECT pg_catalog.setval('public.bills_complianceoverrideevent_pgh_id_seq', 21, true);
SELECT pg_catalog.setval('public.bills_holdpolicy_id_seq', 8, true);
SELECT pg_catalog.setval('public.bills_holdpolicyevent_pgh_id_seq', 9, true);
SELECT pg_catalog.setval('public.bills_invoiceuse_id_seq', 18, true);
SELECT pg_catalog.setval('public.bills_invoiceuseevent_pgh_id_seq', 22, true);
SELECT pg_catalog.setval('public.bills_upstreamlisting_id_seq', 11, true);
SELECT pg_catalog.setval('public.core_keptreply_id_seq', 2, true);
SELECT pg_catalog.setval('public.django_admin_log_id_seq', 4, true);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 89, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 101, true);
SELECT pg_catalog.setval('public.duplicates_case_id_seq', 7, true);
SELECT pg_catalog.setval('public.duplicates_casemember_id_seq', 14, true);
SELECT pg_catalog.setval('public.duplicates_claim_id_seq', 2, true);
SELECT pg_catalog.setval('public.duplicates_decision_id_seq', 7, true);
SELECT pg_catalog.setval('public.duplicates_notduplicate_id_seq', 2, true);
SELECT pg_catalog.setval('public.duplicates_pair_id_seq', 7, true);
SELECT pg_catalog.setval('public.duplicates_rulesetting_id_seq', 19, true);
SELECT pg_catalog.setval('public.duplicates_rulesettingevent_pgh_id_seq', 20, true);
SELECT pg_catalog.setval('public.duplicates_search_id_seq', 7, true);
SELECT pg_catalog.setval('public.invoices_alias_id_seq', 48, true);
SELECT pg_catalog.setval('public.invoices_fieldconflict_id_seq', 5, true);
SELECT pg_catalog.setval('public.invoices_invoice_id_seq', 35, true);
SELECT pg_catalog.setval('public.invoices_invoiceline_id_seq', 14, true);
SELECT pg_catalog.setval('public.invoices_party_id_seq', 44, true);
SELECT pg_catalog.setval('public.invoices_samedocument_id_seq', 1, true);
SELECT pg_catalog.setval('public.invoices_sighting_id_seq', 40, true);
SELECT pg_catalog.setval('public.invoices_standing_id_seq', 17, true);
SELECT pg_catalog.setval('public.mfa_authenticator_id_seq', 1, true);
SELECT pg_catalog.setval('public.outbox_push_id_seq', 18, true);
SELECT pg_catalog.setval('public.outbox_pushattempt_id_seq', 10, true);
SELECT pg_catalog.setval('public.outbox_pushdecision_pgh_id_seq', 17, true);
SELECT pg_catalog.setval('public.sources_cursor_id_seq', 11, true);
SELECT pg_catalog.setval('public.sources_quarantinedrecord_id_seq', 13, true);
SELECT pg_catalog.setval('public.sources_rawrecord_id_seq', 64, true);
SELECT pg_catalog.setval('public.sources_source_id_seq', 11, true);
SELECT pg_catalog.setval('public.sources_sourceevent_pgh_id_seq', 17, true);
SELECT pg_catalog.setval('public.sources_syncrun_id_seq', 14, true);
SELECT pg_catalog.setval('public.vouchers_accountbook_id_seq', 2, true);
SELECT pg_catalog.setval('public.vouchers_accountbookevent_pgh_id_seq', 2, true);
SELECT pg_catalog.setval('public.vouchers_accountmapping_id_seq', 5, true);
SELECT pg_catalog.setval('public.vouchers_accountmappingevent_pgh_id_seq', 6, true);
SELECT pg_catalog.setval('public.vouchers_alarmwatermark_id_seq', 1, false);
SELECT pg_catalog.setval('public.vouchers_closedperiod_id_seq', 2, true);
SELECT pg_catalog.setval('public.vouchers_closedperiodevent_pgh_id_seq', 3, true);
SELECT pg_catalog.setval('public.vouchers_redfinding_bills_id_seq', 2, true);
SELECT pg_catalog.setval('public.vouchers_redfinding_id_seq', 11, true);
SELECT pg_catalog.setval('public.vouchers_redfinding_people_id_seq', 1, true);
SELECT pg_catalog.setval('public.vouchers_redfinding_vouchers_id_seq', 1, true);
SELECT pg_catalog.setval('public.vouchers_redfindingevent_pgh_id_seq', 12, true);
SELECT pg_catalog.setval('public.vouchers_voucher_id_seq', 10, true);
SELECT pg_catalog.setval('public.vouchers_voucherbill_id_seq', 3, true);
SELECT pg_catalog.setval('public.vouchers_voucherbillevent_pgh_id_seq', 4, true);
SELECT pg_catalog.setval('public.vouchers_voucherentry_id_seq', 8, true);
SELECT pg_catalog.setval('public.vouchers_voucherentryevent_pgh_id_seq', 13, true);
SELECT pg_catalog.setval('public.vouchers_voucherevent_pgh_id_seq', 12, true);
SELECT pg_catalog.setval('public.vouchers_voucherimport_id_seq', 1, true);
SELECT pg_catalog.setval('public.vouchers_voucherinvoice_id_seq', 3, true);
SELECT pg_catalog.setval('public.vouchers_voucherinvoiceevent_pgh_id_seq', 4, true);
ALTER TABLE ONLY public.account_emailaddress ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_company ADD CONSTRAINT accounts_company_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_company ADD CONSTRAINT accounts_company_tax_no_key UNIQUE (tax_no);
ALTER TABLE ONLY public.accounts_companyevent ADD CONSTRAINT accounts_companyevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.accounts_user_companies ADD CONSTRAINT accounts_user_companies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user_companies ADD CONSTRAINT accounts_user_companies_user_id_company_id_3f6ee231_uniq UNIQUE (user_id, company_id);
ALTER TABLE ONLY public.accounts_user_groups ADD CONSTRAINT accounts_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user_groups ADD CONSTRAINT accounts_user_groups_user_id_group_id_59c0b32f_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.accounts_user ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user_user_permissions ADD CONSTRAINT accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.accounts_user_user_permissions ADD CONSTRAINT accounts_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.accounts_user ADD CONSTRAINT accounts_user_username_key UNIQUE (username);
ALTER TABLE ONLY public.accounts_usercompanyevent ADD CONSTRAINT accounts_usercompanyevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.accounts_userevent ADD CONSTRAINT accounts_userevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.accounts_userroleevent ADD CONSTRAINT accounts_userroleevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.auth_group ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accessattempt ADD CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accessattempt ADD CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent);
ALTER TABLE ONLY public.axes_accessattemptexpiration ADD CONSTRAINT axes_accessattemptexpiration_pkey PRIMARY KEY (access_attempt_id);
ALTER TABLE ONLY public.axes_accessfailurelog ADD CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.axes_accesslog ADD CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_assistantmessage ADD CONSTRAINT bills_assistantmessage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_assistantsession ADD CONSTRAINT bills_assistantsession_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT bills_bill_bxd_key_key UNIQUE (bxd_key);
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT bills_bill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_billcover ADD CONSTRAINT bills_billcover_bill_id_key UNIQUE (bill_id);
ALTER TABLE ONLY public.bills_billcover ADD CONSTRAINT bills_billcover_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_billentry ADD CONSTRAINT bills_billentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_billentryevent ADD CONSTRAINT bills_billentryevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_billevent ADD CONSTRAINT bills_billevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_billstep ADD CONSTRAINT bills_billstep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_checksetting ADD CONSTRAINT bills_checksetting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_checksettingevent ADD CONSTRAINT bills_checksettingevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_complianceoverride ADD CONSTRAINT bills_complianceoverride_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_complianceoverrideevent ADD CONSTRAINT bills_complianceoverrideevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_holdpolicy ADD CONSTRAINT bills_holdpolicy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_holdpolicyevent ADD CONSTRAINT bills_holdpolicyevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_invoiceuseevent ADD CONSTRAINT bills_invoiceuseevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.bills_upstreamlisting ADD CONSTRAINT bills_upstreamlisting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bills_upstreamposition ADD CONSTRAINT bills_upstreamposition_pkey PRIMARY KEY (source_id);
ALTER TABLE ONLY public.core_keptreply ADD CONSTRAINT core_keptreply_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_admin_log ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.duplicates_case ADD CONSTRAINT duplicates_case_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_case ADD CONSTRAINT duplicates_case_signature_key UNIQUE (signature);
ALTER TABLE ONLY public.duplicates_casemember ADD CONSTRAINT duplicates_casemember_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_claim ADD CONSTRAINT duplicates_claim_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_decision ADD CONSTRAINT duplicates_decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_notduplicate ADD CONSTRAINT duplicates_notduplicate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_pair ADD CONSTRAINT duplicates_pair_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_rulesetting ADD CONSTRAINT duplicates_rulesetting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.duplicates_rulesettingevent ADD CONSTRAINT duplicates_rulesettingevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.duplicates_search ADD CONSTRAINT duplicates_search_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_alias ADD CONSTRAINT invoices_alias_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_fieldconflict ADD CONSTRAINT invoices_fieldconflict_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_invoice ADD CONSTRAINT invoices_invoice_key_key UNIQUE (key);
ALTER TABLE ONLY public.invoices_invoice ADD CONSTRAINT invoices_invoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_invoiceline ADD CONSTRAINT invoices_invoiceline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_party ADD CONSTRAINT invoices_party_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_samedocument ADD CONSTRAINT invoices_samedocument_key_key UNIQUE (key);
ALTER TABLE ONLY public.invoices_samedocument ADD CONSTRAINT invoices_samedocument_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_sighting ADD CONSTRAINT invoices_sighting_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_standing ADD CONSTRAINT invoices_standing_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.knox_authtoken ADD CONSTRAINT knox_authtoken_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY public.mfa_authenticator ADD CONSTRAINT mfa_authenticator_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invoices_alias ADD CONSTRAINT one_alias_per_invoice UNIQUE (key, invoice_id);
ALTER TABLE ONLY public.outbox_pushattempt ADD CONSTRAINT one_attempt_per_number UNIQUE (push_id, number);
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT one_bill_per_number UNIQUE (company_id, number);
ALTER TABLE ONLY public.vouchers_accountbook ADD CONSTRAINT one_book_per_account_id UNIQUE (company_id, account_id);
ALTER TABLE ONLY public.vouchers_closedperiod ADD CONSTRAINT one_close_per_period UNIQUE (book_id, period);
ALTER TABLE ONLY public.invoices_fieldconflict ADD CONSTRAINT one_conflict_per_field UNIQUE (invoice_id, field);
ALTER TABLE ONLY public.sources_cursor ADD CONSTRAINT one_cursor_per_stream UNIQUE (source_id, stream);
ALTER TABLE ONLY public.bills_billentry ADD CONSTRAINT one_entry_per_branch UNIQUE (bill_id, branch_id);
ALTER TABLE ONLY public.bills_billentry ADD CONSTRAINT one_entry_per_position UNIQUE (bill_id, "position") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding ADD CONSTRAINT one_finding_per_status UNIQUE (invoice_id, status);
ALTER TABLE ONLY public.bills_holdpolicy ADD CONSTRAINT one_hold_policy UNIQUE NULLS NOT DISTINCT (company_id, bill_type);
ALTER TABLE ONLY public.vouchers_voucherbill ADD CONSTRAINT one_link_per_bill UNIQUE (voucher_id, bill_id);
ALTER TABLE ONLY public.vouchers_voucherinvoice ADD CONSTRAINT one_link_per_invoice UNIQUE (voucher_id, invoice_id);
ALTER TABLE ONLY public.bills_upstreamlisting ADD CONSTRAINT one_listing_per_record UNIQUE (source_id, number, external_id);
ALTER TABLE ONLY public.vouchers_accountmapping ADD CONSTRAINT one_mapping_per_cost_type UNIQUE (book_id, cost_type);
ALTER TABLE ONLY public.sources_quarantinedrecord ADD CONSTRAINT one_quarantine_row_per_record UNIQUE (source_id, external_id);
ALTER TABLE ONLY public.core_keptreply ADD CONSTRAINT one_reply_per_key UNIQUE (user_id, key);
ALTER TABLE ONLY public.bills_assistantmessage ADD CONSTRAINT one_row_per_message UNIQUE (source_id, msg_id);
ALTER TABLE ONLY public.invoices_party ADD CONSTRAINT one_row_per_party UNIQUE (name, tax_no);
ALTER TABLE ONLY public.duplicates_casemember ADD CONSTRAINT one_seat_per_invoice UNIQUE (case_id, invoice_id);
ALTER TABLE ONLY public.bills_checksetting ADD CONSTRAINT one_setting_per_check UNIQUE NULLS NOT DISTINCT (check_code, company_id, bill_type);
ALTER TABLE ONLY public.duplicates_rulesetting ADD CONSTRAINT one_setting_per_company UNIQUE NULLS NOT DISTINCT (code, company_id);
ALTER TABLE ONLY public.invoices_sighting ADD CONSTRAINT one_sighting_per_record UNIQUE (source_id, external_id);
ALTER TABLE ONLY public.invoices_standing ADD CONSTRAINT one_standing_per_app UNIQUE (invoice_id, said_by);
ALTER TABLE ONLY public.vouchers_voucherentry ADD CONSTRAINT one_voucher_entry_per_position UNIQUE (voucher_id, "position") DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucher ADD CONSTRAINT one_voucher_per_id UNIQUE (book_id, vouch_id);
ALTER TABLE ONLY public.duplicates_notduplicate ADD CONSTRAINT one_word_per_pair UNIQUE (left_key, right_key);
ALTER TABLE ONLY public.outbox_push ADD CONSTRAINT outbox_push_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_pushattempt ADD CONSTRAINT outbox_pushattempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox_pushdecision ADD CONSTRAINT outbox_pushdecision_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.pghistory_context ADD CONSTRAINT pghistory_context_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sources_cursor ADD CONSTRAINT sources_cursor_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sources_quarantinedrecord ADD CONSTRAINT sources_quarantinedrecord_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sources_rawrecord ADD CONSTRAINT sources_rawrecord_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sources_source ADD CONSTRAINT sources_source_name_key UNIQUE (name);
ALTER TABLE ONLY public.sources_source ADD CONSTRAINT sources_source_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sources_sourceevent ADD CONSTRAINT sources_sourceevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.sources_sourcestate ADD CONSTRAINT sources_sourcestate_pkey PRIMARY KEY (source_id);
ALTER TABLE ONLY public.sources_syncrun ADD CONSTRAINT sources_syncrun_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_accountbook ADD CONSTRAINT vouchers_accountbook_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_accountbookevent ADD CONSTRAINT vouchers_accountbookevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_accountmapping ADD CONSTRAINT vouchers_accountmapping_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_accountmappingevent ADD CONSTRAINT vouchers_accountmappingevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_alarmwatermark ADD CONSTRAINT vouchers_alarmwatermark_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_closedperiod ADD CONSTRAINT vouchers_closedperiod_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_closedperiodevent ADD CONSTRAINT vouchers_closedperiodevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_redfinding_bills ADD CONSTRAINT vouchers_redfinding_bills_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_redfinding_bills ADD CONSTRAINT vouchers_redfinding_bills_redfinding_id_bill_id_9378db17_uniq UNIQUE (redfinding_id, bill_id);
ALTER TABLE ONLY public.vouchers_redfinding_people ADD CONSTRAINT vouchers_redfinding_people_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_redfinding_people ADD CONSTRAINT vouchers_redfinding_people_redfinding_id_user_id_6d55eb48_uniq UNIQUE (redfinding_id, user_id);
ALTER TABLE ONLY public.vouchers_redfinding ADD CONSTRAINT vouchers_redfinding_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_redfinding_vouchers ADD CONSTRAINT vouchers_redfinding_vouc_redfinding_id_voucher_id_8a84aa87_uniq UNIQUE (redfinding_id, voucher_id);
ALTER TABLE ONLY public.vouchers_redfinding_vouchers ADD CONSTRAINT vouchers_redfinding_vouchers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_redfindingevent ADD CONSTRAINT vouchers_redfindingevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_voucher ADD CONSTRAINT vouchers_voucher_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_voucherbill ADD CONSTRAINT vouchers_voucherbill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_voucherbillevent ADD CONSTRAINT vouchers_voucherbillevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_voucherentry ADD CONSTRAINT vouchers_voucherentry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_voucherentryevent ADD CONSTRAINT vouchers_voucherentryevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_voucherevent ADD CONSTRAINT vouchers_voucherevent_pkey PRIMARY KEY (pgh_id);
ALTER TABLE ONLY public.vouchers_voucherimport ADD CONSTRAINT vouchers_voucherimport_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_voucherinvoice ADD CONSTRAINT vouchers_voucherinvoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vouchers_voucherinvoiceevent ADD CONSTRAINT vouchers_voucherinvoiceevent_pkey PRIMARY KEY (pgh_id);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX accounts_company_tax_no_8f58f682_like ON public.accounts_company USING btree (tax_no varchar_pattern_ops);
CREATE INDEX accounts_companyevent_pgh_context_id_0855ab71 ON public.accounts_companyevent USING btree (pgh_context_id);
CREATE INDEX accounts_companyevent_pgh_obj_id_27a2e5b5 ON public.accounts_companyevent USING btree (pgh_obj_id);
CREATE INDEX accounts_user_companies_company_id_5101c401 ON public.accounts_user_companies USING btree (company_id);
CREATE INDEX accounts_user_companies_user_id_01b9ac70 ON public.accounts_user_companies USING btree (user_id);
CREATE INDEX accounts_user_groups_group_id_bd11a704 ON public.accounts_user_groups USING btree (group_id);
CREATE INDEX accounts_user_groups_user_id_52b62117 ON public.accounts_user_groups USING btree (user_id);
CREATE INDEX accounts_user_user_permissions_permission_id_113bb443 ON public.accounts_user_user_permissions USING btree (permission_id);
CREATE INDEX accounts_user_user_permissions_user_id_e4f0a161 ON public.accounts_user_user_permissions USING btree (user_id);
CREATE INDEX accounts_user_username_6088629e_like ON public.accounts_user USING btree (username varchar_pattern_ops);
CREATE INDEX accounts_usercompanyevent_company_id_fa55b10b ON public.accounts_usercompanyevent USING btree (company_id);
CREATE INDEX accounts_usercompanyevent_pgh_context_id_264dd69e ON public.accounts_usercompanyevent USING btree (pgh_context_id);
CREATE INDEX accounts_usercompanyevent_user_id_3810217c ON public.accounts_usercompanyevent USING btree (user_id);
CREATE INDEX accounts_userevent_pgh_context_id_9043cf9a ON public.accounts_userevent USING btree (pgh_context_id);
CREATE INDEX accounts_userevent_pgh_obj_id_aa99e6a3 ON public.accounts_userevent USING btree (pgh_obj_id);
CREATE INDEX accounts_userroleevent_group_id_3c914b66 ON public.accounts_userroleevent USING btree (group_id);
CREATE INDEX accounts_userroleevent_pgh_context_id_e68760ff ON public.accounts_userroleevent USING btree (pgh_context_id);
CREATE INDEX accounts_userroleevent_user_id_dc05c089 ON public.accounts_userroleevent USING btree (user_id);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX axes_accessattempt_ip_address_10922d9c ON public.axes_accessattempt USING btree (ip_address);
CREATE INDEX axes_accessattempt_user_agent_ad89678b ON public.axes_accessattempt USING btree (user_agent);
CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON public.axes_accessattempt USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON public.axes_accessattempt USING btree (username);
CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON public.axes_accessattempt USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON public.axes_accessfailurelog USING btree (ip_address);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON public.axes_accessfailurelog USING btree (user_agent);
CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON public.axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON public.axes_accessfailurelog USING btree (username);
CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON public.axes_accessfailurelog USING btree (username varchar_pattern_ops);
CREATE INDEX axes_accesslog_ip_address_86b417e5 ON public.axes_accesslog USING btree (ip_address);
CREATE INDEX axes_accesslog_user_agent_0e659004 ON public.axes_accesslog USING btree (user_agent);
CREATE INDEX axes_accesslog_user_agent_0e659004_like ON public.axes_accesslog USING btree (user_agent varchar_pattern_ops);
CREATE INDEX axes_accesslog_username_df93064b ON public.axes_accesslog USING btree (username);
CREATE INDEX axes_accesslog_username_df93064b_like ON public.axes_accesslog USING btree (username varchar_pattern_ops);
CREATE INDEX bill_by_change ON public.bills_bill USING btree (updated_at, id);
CREATE INDEX bill_by_company ON public.bills_bill USING btree (company_id, id DESC);
CREATE INDEX bill_by_date ON public.bills_bill USING btree (bill_date);
CREATE INDEX bill_by_employee ON public.bills_bill USING btree (employee varchar_pattern_ops);
CREATE INDEX bill_by_facet ON public.bills_bill USING gin (state, type, origin);
CREATE INDEX bill_by_number ON public.bills_bill USING btree (number varchar_pattern_ops);
CREATE INDEX bill_by_state ON public.bills_bill USING btree (state, id DESC);
CREATE INDEX bill_by_upstream ON public.bills_bill USING btree (source_id, number) WHERE (source_id IS NOT NULL);
CREATE INDEX bills_assistantmessage_bill_id_bb558b96 ON public.bills_assistantmessage USING btree (bill_id);
CREATE INDEX bills_assistantmessage_session_id_66f93747 ON public.bills_assistantmessage USING btree (session_id);
CREATE INDEX bills_assistantmessage_source_id_88895d67 ON public.bills_assistantmessage USING btree (source_id);
CREATE INDEX bills_assistantsession_bill_id_9306c591 ON public.bills_assistantsession USING btree (bill_id);
CREATE INDEX bills_assistantsession_entry_id_b61660ea ON public.bills_assistantsession USING btree (entry_id);
CREATE INDEX bills_assistantsession_opened_by_id_147bc7fb ON public.bills_assistantsession USING btree (opened_by_id);
CREATE INDEX bills_assistantsession_source_id_9fc6368f ON public.bills_assistantsession USING btree (source_id);
CREATE INDEX bills_bill_bxd_key_d111bc6f_like ON public.bills_bill USING btree (bxd_key varchar_pattern_ops);
CREATE INDEX bills_bill_company_id_8df80782 ON public.bills_bill USING btree (company_id);
CREATE INDEX bills_bill_created_by_id_ad719567 ON public.bills_bill USING btree (created_by_id);
CREATE INDEX bills_bill_source_id_b89ffe47 ON public.bills_bill USING btree (source_id);
CREATE INDEX bills_billcover_uploaded_by_id_3a8a53c0 ON public.bills_billcover USING btree (uploaded_by_id);
CREATE INDEX bills_billentryevent_bill_id_529f2902 ON public.bills_billentryevent USING btree (bill_id);
CREATE INDEX bills_billentryevent_pgh_context_id_885b24ec ON public.bills_billentryevent USING btree (pgh_context_id);
CREATE INDEX bills_billentryevent_pgh_obj_id_54a91acd ON public.bills_billentryevent USING btree (pgh_obj_id);
CREATE INDEX bills_billevent_company_id_583d53c3 ON public.bills_billevent USING btree (company_id);
CREATE INDEX bills_billevent_created_by_id_084a274c ON public.bills_billevent USING btree (created_by_id);
CREATE INDEX bills_billevent_pgh_context_id_5f76d161 ON public.bills_billevent USING btree (pgh_context_id);
CREATE INDEX bills_billevent_pgh_obj_id_de2f9141 ON public.bills_billevent USING btree (pgh_obj_id);
CREATE INDEX bills_billevent_source_id_834897f9 ON public.bills_billevent USING btree (source_id);
CREATE INDEX bills_billstep_user_id_6c7b0f88 ON public.bills_billstep USING btree (user_id);
CREATE INDEX bills_checksetting_company_id_b310612b ON public.bills_checksetting USING btree (company_id);
CREATE INDEX bills_checksettingevent_company_id_08c9a6a8 ON public.bills_checksettingevent USING btree (company_id);
CREATE INDEX bills_checksettingevent_pgh_context_id_7ae8c5a6 ON public.bills_checksettingevent USING btree (pgh_context_id);
CREATE INDEX bills_checksettingevent_pgh_obj_id_c4775124 ON public.bills_checksettingevent USING btree (pgh_obj_id);
CREATE INDEX bills_complianceoverride_invoice_id_be7637a1 ON public.bills_complianceoverride USING btree (invoice_id);
CREATE INDEX bills_complianceoverride_made_by_id_2dc661b9 ON public.bills_complianceoverride USING btree (made_by_id);
CREATE INDEX bills_complianceoverride_taken_back_by_id_aa3279d0 ON public.bills_complianceoverride USING btree (taken_back_by_id);
CREATE INDEX bills_complianceoverrideevent_bill_id_49102fcc ON public.bills_complianceoverrideevent USING btree (bill_id);
CREATE INDEX bills_complianceoverrideevent_invoice_id_20840039 ON public.bills_complianceoverrideevent USING btree (invoice_id);
CREATE INDEX bills_complianceoverrideevent_made_by_id_97dc8c49 ON public.bills_complianceoverrideevent USING btree (made_by_id);
CREATE INDEX bills_complianceoverrideevent_pgh_context_id_08a17041 ON public.bills_complianceoverrideevent USING btree (pgh_context_id);
CREATE INDEX bills_complianceoverrideevent_pgh_obj_id_c2a459d9 ON public.bills_complianceoverrideevent USING btree (pgh_obj_id);
CREATE INDEX bills_complianceoverrideevent_taken_back_by_id_c6e6ba0c ON public.bills_complianceoverrideevent USING btree (taken_back_by_id);
CREATE INDEX bills_holdpolicy_company_id_2b2f491b ON public.bills_holdpolicy USING btree (company_id);
CREATE INDEX bills_holdpolicyevent_company_id_bbffb670 ON public.bills_holdpolicyevent USING btree (company_id);
CREATE INDEX bills_holdpolicyevent_pgh_context_id_0226d3e8 ON public.bills_holdpolicyevent USING btree (pgh_context_id);
CREATE INDEX bills_holdpolicyevent_pgh_obj_id_5d97b91b ON public.bills_holdpolicyevent USING btree (pgh_obj_id);
CREATE INDEX bills_invoiceuse_entry_id_cce7631e ON public.bills_invoiceuse USING btree (entry_id);
CREATE INDEX bills_invoiceuse_invoice_id_fe312d7a ON public.bills_invoiceuse USING btree (invoice_id);
CREATE INDEX bills_invoiceuse_picked_by_id_2c202cbb ON public.bills_invoiceuse USING btree (picked_by_id);
CREATE INDEX bills_invoiceuse_released_by_id_d3ccc089 ON public.bills_invoiceuse USING btree (released_by_id);
CREATE INDEX bills_invoiceuseevent_bill_id_cd2baca4 ON public.bills_invoiceuseevent USING btree (bill_id);
CREATE INDEX bills_invoiceuseevent_entry_id_575f0403 ON public.bills_invoiceuseevent USING btree (entry_id);
CREATE INDEX bills_invoiceuseevent_invoice_id_20b64a9f ON public.bills_invoiceuseevent USING btree (invoice_id);
CREATE INDEX bills_invoiceuseevent_pgh_context_id_a7a3ac48 ON public.bills_invoiceuseevent USING btree (pgh_context_id);
CREATE INDEX bills_invoiceuseevent_pgh_obj_id_215e3323 ON public.bills_invoiceuseevent USING btree (pgh_obj_id);
CREATE INDEX bills_invoiceuseevent_picked_by_id_bf4a67e9 ON public.bills_invoiceuseevent USING btree (picked_by_id);
CREATE INDEX bills_invoiceuseevent_released_by_id_0f5847f3 ON public.bills_invoiceuseevent USING btree (released_by_id);
CREATE INDEX bills_upstreamlisting_invoice_id_cc9ebb3a ON public.bills_upstreamlisting USING btree (invoice_id);
CREATE INDEX case_by_change ON public.duplicates_case USING btree (changed_at, id);
CREATE INDEX case_by_facet ON public.duplicates_case USING gin (company_ids, state, tier, kind);
CREATE INDEX case_by_total ON public.duplicates_case USING btree (state, total_amount, id);
CREATE INDEX case_queue ON public.duplicates_case USING btree (state, tier, id DESC);
CREATE INDEX conflict_open ON public.invoices_fieldconflict USING btree (state) WHERE ((state)::text = 'open'::text);
CREATE INDEX core_keptreply_created_at_87fa47aa ON public.core_keptreply USING btree (created_at);
CREATE INDEX decision_by_user ON public.duplicates_decision USING btree (user_id, id DESC);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX duplicates_case_assigned_to_id_ca3072da ON public.duplicates_case USING btree (assigned_to_id);
CREATE INDEX duplicates_case_decided_by_id_dbdf430b ON public.duplicates_case USING btree (decided_by_id);
CREATE INDEX duplicates_case_signature_5f551878_like ON public.duplicates_case USING btree (signature varchar_pattern_ops);
CREATE INDEX duplicates_case_survivor_id_cf8654ed ON public.duplicates_case USING btree (survivor_id);
CREATE INDEX duplicates_casemember_case_id_84f3ffdc ON public.duplicates_casemember USING btree (case_id);
CREATE INDEX duplicates_casemember_invoice_id_18a46c17 ON public.duplicates_casemember USING btree (invoice_id);
CREATE INDEX duplicates_claim_case_id_7d8008bf ON public.duplicates_claim USING btree (case_id);
CREATE INDEX duplicates_claim_source_id_4442ae17 ON public.duplicates_claim USING btree (source_id);
CREATE INDEX duplicates_decision_batch_dc6b0c75 ON public.duplicates_decision USING btree (batch);
CREATE INDEX duplicates_decision_case_id_bb8185cd ON public.duplicates_decision USING btree (case_id);
CREATE INDEX duplicates_decision_undone_by_id_f50716a0 ON public.duplicates_decision USING btree (undone_by_id);
CREATE INDEX duplicates_notduplicate_case_id_c45fc756 ON public.duplicates_notduplicate USING btree (case_id);
CREATE INDEX duplicates_pair_case_id_d9391035 ON public.duplicates_pair USING btree (case_id);
CREATE INDEX duplicates_pair_left_id_3562c47b ON public.duplicates_pair USING btree (left_id);
CREATE INDEX duplicates_pair_right_id_8e7a2130 ON public.duplicates_pair USING btree (right_id);
CREATE INDEX duplicates_rulesetting_company_id_105b17df ON public.duplicates_rulesetting USING btree (company_id);
CREATE INDEX duplicates_rulesettingevent_company_id_764f4b97 ON public.duplicates_rulesettingevent USING btree (company_id);
CREATE INDEX duplicates_rulesettingevent_pgh_context_id_f05dbae9 ON public.duplicates_rulesettingevent USING btree (pgh_context_id);
CREATE INDEX duplicates_rulesettingevent_pgh_obj_id_392ae297 ON public.duplicates_rulesettingevent USING btree (pgh_obj_id);
CREATE INDEX finding_open ON public.vouchers_redfinding USING btree (state, id DESC);
CREATE INDEX invoice_by_buyer ON public.invoices_invoice USING btree (buyer_id, issue_date, id);
CREATE INDEX invoice_by_change ON public.invoices_invoice USING btree (updated_at, id);
CREATE INDEX invoice_by_date ON public.invoices_invoice USING btree (issue_date, id) WHERE (merged_into_id IS NULL);
CREATE INDEX invoice_by_digital ON public.invoices_invoice USING btree (digital_number) WHERE (NOT ((digital_number)::text = ''::text));
CREATE INDEX invoice_by_facet ON public.invoices_invoice USING gin (company_ids, source_ids, flags, kind, status, verification, expense_status, deduction_status, deduction_period);
CREATE INDEX invoice_by_journey ON public.invoices_invoice USING btree (((travel ->> 'passenger'::text)), ((travel ->> 'vehicle'::text))) WHERE (travel IS NOT NULL);
CREATE INDEX invoice_by_number ON public.invoices_invoice USING btree (number);
CREATE INDEX invoice_by_period ON public.invoices_invoice USING btree (deduction_period, issue_date, id) WHERE ((merged_into_id IS NULL) AND (NOT ((deduction_period)::text = ''::text)));
CREATE INDEX invoice_by_seller ON public.invoices_invoice USING btree (seller_id, issue_date, id);
CREATE INDEX invoice_by_slip ON public.invoices_invoice USING btree (total_amount, "right"(COALESCE(NULLIF((digital_number)::text, ''::text), (number)::text), 4), "left"("right"(COALESCE(NULLIF((digital_number)::text, ''::text), (number)::text), 8), 4)) WHERE (merged_into_id IS NULL);
CREATE INDEX invoice_by_total ON public.invoices_invoice USING btree (total_amount, id) WHERE (merged_into_id IS NULL);
CREATE INDEX invoices_alias_invoice_id_0726ccf1 ON public.invoices_alias USING btree (invoice_id);
CREATE INDEX invoices_fieldconflict_invoice_id_41b420ad ON public.invoices_fieldconflict USING btree (invoice_id);
CREATE INDEX invoices_fieldconflict_settled_by_id_16f162b5 ON public.invoices_fieldconflict USING btree (settled_by_id);
CREATE INDEX invoices_invoice_key_1d764ee0_like ON public.invoices_invoice USING btree (key varchar_pattern_ops);
CREATE INDEX invoices_invoice_merged_into_id_d140e5c4 ON public.invoices_invoice USING btree (merged_into_id);
CREATE INDEX invoices_invoiceline_invoice_id_071a8d97 ON public.invoices_invoiceline USING btree (invoice_id);
CREATE INDEX invoices_samedocument_key_bfcb08ae_like ON public.invoices_samedocument USING btree (key varchar_pattern_ops);
CREATE INDEX invoices_samedocument_said_by_id_426ef7d6 ON public.invoices_samedocument USING btree (said_by_id);
CREATE INDEX invoices_samedocument_survivor_key_ac4bf3f1 ON public.invoices_samedocument USING btree (survivor_key);
CREATE INDEX invoices_samedocument_survivor_key_ac4bf3f1_like ON public.invoices_samedocument USING btree (survivor_key varchar_pattern_ops);
CREATE INDEX invoices_sighting_invoice_id_11751222 ON public.invoices_sighting USING btree (invoice_id);
CREATE INDEX invoices_standing_invoice_id_8bc596e5 ON public.invoices_standing USING btree (invoice_id);
CREATE INDEX knox_authtoken_digest_188c7e77_like ON public.knox_authtoken USING btree (digest varchar_pattern_ops);
CREATE INDEX knox_authtoken_token_key_8f4f7d47 ON public.knox_authtoken USING btree (token_key);
CREATE INDEX knox_authtoken_token_key_8f4f7d47_like ON public.knox_authtoken USING btree (token_key varchar_pattern_ops);
CREATE INDEX knox_authtoken_user_id_e5a5d899 ON public.knox_authtoken USING btree (user_id);
CREATE INDEX listing_by_record ON public.bills_upstreamlisting USING btree (source_id, external_id);
CREATE INDEX message_by_bill ON public.bills_assistantmessage USING btree (bill_id, id DESC);
CREATE INDEX message_by_state ON public.bills_assistantmessage USING btree (state, id DESC);
CREATE INDEX message_unsettled ON public.bills_assistantmessage USING btree (retry_at) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'no_bill'::character varying])::text[]));
CREATE INDEX mfa_authenticator_user_id_0c3a50c0 ON public.mfa_authenticator USING btree (user_id);
CREATE UNIQUE INDEX one_active_run_per_source ON public.sources_syncrun USING btree (source_id) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE UNIQUE INDEX one_live_hold_per_invoice ON public.bills_invoiceuse USING btree (invoice_id) WHERE ((NOT ((state)::text = 'released'::text)) AND (NOT contested) AND (NOT shared));
CREATE UNIQUE INDEX one_live_use_per_entry ON public.bills_invoiceuse USING btree (bill_id, invoice_id, entry_id) NULLS NOT DISTINCT WHERE (NOT ((state)::text = 'released'::text));
CREATE UNIQUE INDEX one_override_per_finding ON public.bills_complianceoverride USING btree (bill_id, signature) WHERE (taken_back_at IS NULL);
CREATE UNIQUE INDEX one_push_per_key ON public.outbox_push USING btree (key) WHERE (NOT ((state)::text = 'cancelled'::text));
CREATE UNIQUE INDEX one_voucher_per_number ON public.vouchers_voucher USING btree (book_id, period, type, vouch_no) WHERE ((NOT ((vouch_no)::text = ''::text)) AND (NOT ((state)::text = 'void'::text)));
CREATE INDEX outbox_push_queued_by_id_29fc1c36 ON public.outbox_push USING btree (queued_by_id);
CREATE INDEX outbox_push_settled_by_id_e5929365 ON public.outbox_push USING btree (decided_by_id);
CREATE INDEX outbox_pushdecision_decided_by_id_6e9080fe ON public.outbox_pushdecision USING btree (decided_by_id);
CREATE INDEX outbox_pushdecision_pgh_context_id_24893514 ON public.outbox_pushdecision USING btree (pgh_context_id);
CREATE INDEX outbox_pushdecision_pgh_obj_id_9768478e ON public.outbox_pushdecision USING btree (pgh_obj_id);
CREATE INDEX override_by_bill ON public.bills_complianceoverride USING btree (bill_id, id);
CREATE INDEX pair_by_rule ON public.duplicates_pair USING gin (rules);
CREATE INDEX party_folded ON public.invoices_party USING btree (folded);
CREATE INDEX party_tax_no ON public.invoices_party USING btree (tax_no);
CREATE INDEX push_by_change ON public.outbox_push USING btree (updated_at, id);
CREATE INDEX push_by_company ON public.outbox_push USING btree (company_id, id DESC);
CREATE INDEX push_by_facet ON public.outbox_push USING gin (kind, state, reason, error_code);
CREATE INDEX push_by_label ON public.outbox_push USING btree (label varchar_pattern_ops);
CREATE INDEX push_by_source ON public.outbox_push USING btree (source_id, id DESC);
CREATE INDEX push_by_state ON public.outbox_push USING btree (state, id DESC);
CREATE INDEX push_by_subject ON public.outbox_push USING btree (subject, id DESC);
CREATE INDEX push_holding ON public.outbox_push USING btree (source_id, retry_at) WHERE holds_source;
CREATE INDEX push_lane ON public.outbox_push USING gin (lanes) WITH (fastupdate=off) WHERE ((state)::text = ANY ((ARRAY['pending'::character varying, 'sending'::character varying, 'waiting'::character varying, 'needs_person'::character varying])::text[]));
CREATE INDEX push_leased ON public.outbox_push USING btree (lease_until) WHERE ((state)::text = 'sending'::text);
CREATE INDEX push_ready ON public.outbox_push USING btree (source_id, id) WHERE ((state)::text = ANY ((ARRAY['pending'::character varying, 'waiting'::character varying])::text[]));
CREATE INDEX push_stopped ON public.outbox_push USING btree (company_id, source_id, reason, error_code, kind, queued_at, id) WHERE ((state)::text = 'needs_person'::text);
CREATE INDEX quarantine_by_source ON public.sources_quarantinedrecord USING btree (source_id, state, id DESC);
CREATE INDEX quarantine_open ON public.sources_quarantinedrecord USING btree (state, id DESC);
CREATE INDEX raw_newest ON public.sources_rawrecord USING btree (source_id, external_id, id DESC);
CREATE INDEX run_active ON public.sources_syncrun USING btree (status) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE INDEX run_by_source ON public.sources_syncrun USING btree (source_id, id DESC);
CREATE INDEX run_by_time ON public.sources_syncrun USING btree (queued_at);
CREATE INDEX search_done ON public.duplicates_search USING btree (id DESC) WHERE (finished_at IS NOT NULL);
CREATE INDEX session_by_bill ON public.bills_assistantsession USING btree (bill_id, id DESC);
CREATE INDEX session_open ON public.bills_assistantsession USING btree (listened_until) WHERE (closed_at IS NULL);
CREATE INDEX sources_cursor_source_id_841bf800 ON public.sources_cursor USING btree (source_id);
CREATE INDEX sources_quarantinedrecord_raw_id_e1a505cd ON public.sources_quarantinedrecord USING btree (raw_id);
CREATE INDEX sources_quarantinedrecord_settled_by_id_db73c5ee ON public.sources_quarantinedrecord USING btree (settled_by_id);
CREATE INDEX sources_quarantinedrecord_source_id_2487336b ON public.sources_quarantinedrecord USING btree (source_id);
CREATE INDEX sources_source_company_id_7abe6bd9 ON public.sources_source USING btree (company_id);
CREATE INDEX sources_source_name_f534016d_like ON public.sources_source USING btree (name varchar_pattern_ops);
CREATE INDEX sources_sourceevent_company_id_bf19145f ON public.sources_sourceevent USING btree (company_id);
CREATE INDEX sources_sourceevent_pgh_context_id_99763563 ON public.sources_sourceevent USING btree (pgh_context_id);
CREATE INDEX sources_sourceevent_pgh_obj_id_d241bf89 ON public.sources_sourceevent USING btree (pgh_obj_id);
CREATE INDEX sources_syncrun_requested_by_id_422d8a6b ON public.sources_syncrun USING btree (requested_by_id);
CREATE INDEX sources_syncrun_source_id_7d17fb3a ON public.sources_syncrun USING btree (source_id);
CREATE INDEX step_by_bill ON public.bills_billstep USING btree (bill_id, id DESC);
CREATE UNIQUE INDEX unique_authenticator_type ON public.mfa_authenticator USING btree (user_id, type) WHERE ((type)::text = ANY ((ARRAY['totp'::character varying, 'recovery_codes'::character varying])::text[]));
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE INDEX use_by_bill ON public.bills_invoiceuse USING btree (bill_id, id);
CREATE INDEX use_contested ON public.bills_invoiceuse USING btree (bill_id) WHERE (contested AND (NOT ((state)::text = 'released'::text)));
CREATE INDEX voucher_by_change ON public.vouchers_voucher USING btree (updated_at, id);
CREATE INDEX voucher_by_date ON public.vouchers_voucher USING btree (account_date, id);
CREATE INDEX voucher_by_id ON public.vouchers_voucher USING btree (vouch_id);
CREATE INDEX voucher_by_number ON public.vouchers_voucher USING btree (vouch_no varchar_pattern_ops);
CREATE INDEX voucher_by_period ON public.vouchers_voucher USING btree (book_id, period, id);
CREATE INDEX voucher_by_push ON public.vouchers_voucher USING btree (push_state, id) WHERE (NOT ((push_state)::text = 'collected'::text));
CREATE INDEX voucher_by_total ON public.vouchers_voucher USING btree (total_debit);
CREATE INDEX voucher_of_period ON public.vouchers_voucher USING btree (period, account_date, id);
CREATE INDEX vouchers_accountbook_company_id_4f26e1ad ON public.vouchers_accountbook USING btree (company_id);
CREATE INDEX vouchers_accountbook_source_id_b522d5fc ON public.vouchers_accountbook USING btree (source_id);
CREATE INDEX vouchers_accountbookevent_company_id_dfe69da1 ON public.vouchers_accountbookevent USING btree (company_id);
CREATE INDEX vouchers_accountbookevent_pgh_context_id_09dc49f3 ON public.vouchers_accountbookevent USING btree (pgh_context_id);
CREATE INDEX vouchers_accountbookevent_pgh_obj_id_ee7d1c02 ON public.vouchers_accountbookevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_accountbookevent_source_id_24b64020 ON public.vouchers_accountbookevent USING btree (source_id);
CREATE INDEX vouchers_accountmapping_book_id_fd87b0d8 ON public.vouchers_accountmapping USING btree (book_id);
CREATE INDEX vouchers_accountmappingevent_book_id_8784edde ON public.vouchers_accountmappingevent USING btree (book_id);
CREATE INDEX vouchers_accountmappingevent_pgh_context_id_5aac2d8b ON public.vouchers_accountmappingevent USING btree (pgh_context_id);
CREATE INDEX vouchers_accountmappingevent_pgh_obj_id_ecf3693e ON public.vouchers_accountmappingevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_closedperiod_book_id_0487daab ON public.vouchers_closedperiod USING btree (book_id);
CREATE INDEX vouchers_closedperiod_closed_by_id_f7afd29e ON public.vouchers_closedperiod USING btree (closed_by_id);
CREATE INDEX vouchers_closedperiodevent_book_id_f8125bd8 ON public.vouchers_closedperiodevent USING btree (book_id);
CREATE INDEX vouchers_closedperiodevent_closed_by_id_dc936113 ON public.vouchers_closedperiodevent USING btree (closed_by_id);
CREATE INDEX vouchers_closedperiodevent_pgh_context_id_23477d41 ON public.vouchers_closedperiodevent USING btree (pgh_context_id);
CREATE INDEX vouchers_redfinding_acknowledged_by_id_9806e903 ON public.vouchers_redfinding USING btree (acknowledged_by_id);
CREATE INDEX vouchers_redfinding_bills_bill_id_94eaee55 ON public.vouchers_redfinding_bills USING btree (bill_id);
CREATE INDEX vouchers_redfinding_bills_redfinding_id_753932f2 ON public.vouchers_redfinding_bills USING btree (redfinding_id);
CREATE INDEX vouchers_redfinding_invoice_id_841a0a67 ON public.vouchers_redfinding USING btree (invoice_id);
CREATE INDEX vouchers_redfinding_people_redfinding_id_6abdfc7a ON public.vouchers_redfinding_people USING btree (redfinding_id);
CREATE INDEX vouchers_redfinding_people_user_id_d8e5ab71 ON public.vouchers_redfinding_people USING btree (user_id);
CREATE INDEX vouchers_redfinding_vouchers_redfinding_id_7f3f0b98 ON public.vouchers_redfinding_vouchers USING btree (redfinding_id);
CREATE INDEX vouchers_redfinding_vouchers_voucher_id_c5850f1a ON public.vouchers_redfinding_vouchers USING btree (voucher_id);
CREATE INDEX vouchers_redfindingevent_acknowledged_by_id_2d0d9282 ON public.vouchers_redfindingevent USING btree (acknowledged_by_id);
CREATE INDEX vouchers_redfindingevent_invoice_id_a228248a ON public.vouchers_redfindingevent USING btree (invoice_id);
CREATE INDEX vouchers_redfindingevent_pgh_context_id_8a98fee9 ON public.vouchers_redfindingevent USING btree (pgh_context_id);
CREATE INDEX vouchers_redfindingevent_pgh_obj_id_9b22adcd ON public.vouchers_redfindingevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_voucher_book_id_a502328b ON public.vouchers_voucher USING btree (book_id);
CREATE INDEX vouchers_voucher_booked_by_id_5231c2bb ON public.vouchers_voucher USING btree (booked_by_id);
CREATE INDEX vouchers_voucher_created_by_id_f92f85c4 ON public.vouchers_voucher USING btree (created_by_id);
CREATE INDEX vouchers_voucherbill_bill_id_619338f2 ON public.vouchers_voucherbill USING btree (bill_id);
CREATE INDEX vouchers_voucherbill_voucher_id_5707dde9 ON public.vouchers_voucherbill USING btree (voucher_id);
CREATE INDEX vouchers_voucherbillevent_bill_id_552dae6a ON public.vouchers_voucherbillevent USING btree (bill_id);
CREATE INDEX vouchers_voucherbillevent_pgh_context_id_3e2b4e07 ON public.vouchers_voucherbillevent USING btree (pgh_context_id);
CREATE INDEX vouchers_voucherbillevent_voucher_id_ce2a184b ON public.vouchers_voucherbillevent USING btree (voucher_id);
CREATE INDEX vouchers_voucherentry_voucher_id_92d1c0fc ON public.vouchers_voucherentry USING btree (voucher_id);
CREATE INDEX vouchers_voucherentryevent_pgh_context_id_42973251 ON public.vouchers_voucherentryevent USING btree (pgh_context_id);
CREATE INDEX vouchers_voucherentryevent_pgh_obj_id_7b92b5bd ON public.vouchers_voucherentryevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_voucherentryevent_voucher_id_29489021 ON public.vouchers_voucherentryevent USING btree (voucher_id);
CREATE INDEX vouchers_voucherevent_book_id_0c69ceac ON public.vouchers_voucherevent USING btree (book_id);
CREATE INDEX vouchers_voucherevent_booked_by_id_4fe20e6a ON public.vouchers_voucherevent USING btree (booked_by_id);
CREATE INDEX vouchers_voucherevent_created_by_id_4db5ea7a ON public.vouchers_voucherevent USING btree (created_by_id);
CREATE INDEX vouchers_voucherevent_pgh_context_id_f28194e6 ON public.vouchers_voucherevent USING btree (pgh_context_id);
CREATE INDEX vouchers_voucherevent_pgh_obj_id_948cde12 ON public.vouchers_voucherevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_voucherimport_user_id_c4abfa58 ON public.vouchers_voucherimport USING btree (user_id);
CREATE INDEX vouchers_voucherinvoice_invoice_id_7bc0b8d1 ON public.vouchers_voucherinvoice USING btree (invoice_id);
CREATE INDEX vouchers_voucherinvoice_voucher_id_4383255a ON public.vouchers_voucherinvoice USING btree (voucher_id);
CREATE INDEX vouchers_voucherinvoiceevent_invoice_id_70d36029 ON public.vouchers_voucherinvoiceevent USING btree (invoice_id);
CREATE INDEX vouchers_voucherinvoiceevent_pgh_context_id_f81f5509 ON public.vouchers_voucherinvoiceevent USING btree (pgh_context_id);
CREATE INDEX vouchers_voucherinvoiceevent_pgh_obj_id_580e6fc7 ON public.vouchers_voucherinvoiceevent USING btree (pgh_obj_id);
CREATE INDEX vouchers_voucherinvoiceevent_voucher_id_8e5321cd ON public.vouchers_voucherinvoiceevent USING btree (voucher_id);
CREATE TRIGGER pgtrigger_delete_delete_15b35 AFTER DELETE ON public.accounts_user_groups FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_15b35();
COMMENT ON TRIGGER pgtrigger_delete_delete_15b35 ON public.accounts_user_groups IS '18799a208892464ea42d54d88042c9de9e979a56';
CREATE TRIGGER pgtrigger_delete_delete_346ba AFTER DELETE ON public.bills_billentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_346ba();
COMMENT ON TRIGGER pgtrigger_delete_delete_346ba ON public.bills_billentry IS 'a818bd5a6039e8bba6d96669882f18bbc7cd19d7';
CREATE TRIGGER pgtrigger_delete_delete_35a41 AFTER DELETE ON public.vouchers_voucherbill FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_35a41();
COMMENT ON TRIGGER pgtrigger_delete_delete_35a41 ON public.vouchers_voucherbill IS 'afec8148f7bb924dfa22877d60eeab467fa5df6b';
CREATE TRIGGER pgtrigger_delete_delete_5e0cf AFTER DELETE ON public.accounts_user_companies FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_5e0cf();
COMMENT ON TRIGGER pgtrigger_delete_delete_5e0cf ON public.accounts_user_companies IS 'badbb141d3834ae73debc8b7709a62fe23ce47b8';
CREATE TRIGGER pgtrigger_delete_delete_5f792 AFTER DELETE ON public.vouchers_voucherinvoice FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_5f792();
COMMENT ON TRIGGER pgtrigger_delete_delete_5f792 ON public.vouchers_voucherinvoice IS '6d4d83b7413dd48ab78efb8c4e8358496c0fe173';
CREATE TRIGGER pgtrigger_delete_delete_deed8 AFTER DELETE ON public.vouchers_voucherentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_deed8();
COMMENT ON TRIGGER pgtrigger_delete_delete_deed8 ON public.vouchers_voucherentry IS '55307ca7acd6d5d796b2d5063a160fd2f0ba34c3';
CREATE TRIGGER pgtrigger_delete_delete_ee8cb AFTER DELETE ON public.vouchers_closedperiod FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_delete_delete_ee8cb();
COMMENT ON TRIGGER pgtrigger_delete_delete_ee8cb ON public.vouchers_closedperiod IS '430d0cdca5204f6a7a5b2e2a9f1fd8fb1d2a46c2';
CREATE TRIGGER pgtrigger_guard_hold_1da7a BEFORE INSERT OR UPDATE OF invoice_id, state, amount, shared, contested ON public.bills_invoiceuse FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_guard_hold_1da7a();
COMMENT ON TRIGGER pgtrigger_guard_hold_1da7a ON public.bills_invoiceuse IS 'be8680d026e6e6b6fd66a8279b5f6818e2eba2f0';
CREATE TRIGGER pgtrigger_insert_insert_04c56 AFTER INSERT ON public.vouchers_voucherentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_04c56();
COMMENT ON TRIGGER pgtrigger_insert_insert_04c56 ON public.vouchers_voucherentry IS '2f556e5b9748fa0193ef7a908b997c70de09d6e5';
CREATE TRIGGER pgtrigger_insert_insert_068f1 AFTER INSERT ON public.vouchers_accountbook FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_068f1();
COMMENT ON TRIGGER pgtrigger_insert_insert_068f1 ON public.vouchers_accountbook IS '68a149f2131da23172bc3f57fbf20b7a685cedbd';
CREATE TRIGGER pgtrigger_insert_insert_32086 AFTER INSERT ON public.bills_complianceoverride FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_32086();
COMMENT ON TRIGGER pgtrigger_insert_insert_32086 ON public.bills_complianceoverride IS 'a9ce6a2d55a0c32385b109099de6a8bf28c3ad75';
CREATE TRIGGER pgtrigger_insert_insert_3867c AFTER INSERT ON public.accounts_user FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_3867c();
COMMENT ON TRIGGER pgtrigger_insert_insert_3867c ON public.accounts_user IS '29870e3247c7347fa1ca00d3dadfd9c649a21edc';
CREATE TRIGGER pgtrigger_insert_insert_4b409 AFTER INSERT ON public.vouchers_accountmapping FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_4b409();
COMMENT ON TRIGGER pgtrigger_insert_insert_4b409 ON public.vouchers_accountmapping IS '63e929f132af4db4e9cb6ae990e296916f022918';
CREATE TRIGGER pgtrigger_insert_insert_676df AFTER INSERT ON public.bills_billentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_676df();
COMMENT ON TRIGGER pgtrigger_insert_insert_676df ON public.bills_billentry IS '21ebe7897bdbb971dadf486f2806da03ef137ae1';
CREATE TRIGGER pgtrigger_insert_insert_788d5 AFTER INSERT ON public.accounts_user_companies FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_788d5();
COMMENT ON TRIGGER pgtrigger_insert_insert_788d5 ON public.accounts_user_companies IS 'd9a61662f601243465ae922e3dba0158d712274b';
CREATE TRIGGER pgtrigger_insert_insert_9365d AFTER INSERT ON public.vouchers_voucherbill FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_9365d();
COMMENT ON TRIGGER pgtrigger_insert_insert_9365d ON public.vouchers_voucherbill IS '8679add21aa3c2d8853efd8d3a6431446159f0f4';
CREATE TRIGGER pgtrigger_insert_insert_aec3f AFTER INSERT ON public.bills_checksetting FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_aec3f();
COMMENT ON TRIGGER pgtrigger_insert_insert_aec3f ON public.bills_checksetting IS '3a3b9e376750db82fcf0b4894bbf2ef2d4c996e9';
CREATE TRIGGER pgtrigger_insert_insert_bedb9 AFTER INSERT ON public.bills_bill FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_bedb9();
COMMENT ON TRIGGER pgtrigger_insert_insert_bedb9 ON public.bills_bill IS '6f9eb343b646a2cdde05079c77edf83f8c528091';
CREATE TRIGGER pgtrigger_insert_insert_c200e AFTER INSERT ON public.accounts_user_groups FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_c200e();
COMMENT ON TRIGGER pgtrigger_insert_insert_c200e ON public.accounts_user_groups IS '6d79b3b3b8950b4ab307af828e0fc409b1f162e2';
CREATE TRIGGER pgtrigger_insert_insert_c3ed3 AFTER INSERT ON public.sources_source FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_c3ed3();
COMMENT ON TRIGGER pgtrigger_insert_insert_c3ed3 ON public.sources_source IS '36c675d96551602e83e70b712650fcd7147fefce';
CREATE TRIGGER pgtrigger_insert_insert_ce914 AFTER INSERT ON public.bills_invoiceuse FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_ce914();
COMMENT ON TRIGGER pgtrigger_insert_insert_ce914 ON public.bills_invoiceuse IS '919758f57449b254aae59a59e28d4e3f7454d7df';
CREATE TRIGGER pgtrigger_insert_insert_db731 AFTER INSERT ON public.vouchers_voucher FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_db731();
COMMENT ON TRIGGER pgtrigger_insert_insert_db731 ON public.vouchers_voucher IS 'd41805cfd250ce0b5928441fd10e2d88117129d0';
CREATE TRIGGER pgtrigger_insert_insert_e0309 AFTER INSERT ON public.vouchers_voucherinvoice FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e0309();
COMMENT ON TRIGGER pgtrigger_insert_insert_e0309 ON public.vouchers_voucherinvoice IS 'eae93fd48d7c59062d9dd4d089ae5c7338820a19';
CREATE TRIGGER pgtrigger_insert_insert_e3753 AFTER INSERT ON public.vouchers_closedperiod FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e3753();
COMMENT ON TRIGGER pgtrigger_insert_insert_e3753 ON public.vouchers_closedperiod IS '0dae446e2f0d2e63731c2f554fe4915518038cb6';
CREATE TRIGGER pgtrigger_insert_insert_e3ed5 AFTER INSERT ON public.duplicates_rulesetting FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e3ed5();
COMMENT ON TRIGGER pgtrigger_insert_insert_e3ed5 ON public.duplicates_rulesetting IS '10b7ea775d0abcc1553d67b82c23639ebf43b8b4';
CREATE TRIGGER pgtrigger_insert_insert_e88f5 AFTER INSERT ON public.vouchers_redfinding FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e88f5();
COMMENT ON TRIGGER pgtrigger_insert_insert_e88f5 ON public.vouchers_redfinding IS '3a2545e46410e5e75c1f2731a1b5a5a2faa41a46';
CREATE TRIGGER pgtrigger_insert_insert_e8d2b AFTER INSERT ON public.bills_holdpolicy FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_e8d2b();
COMMENT ON TRIGGER pgtrigger_insert_insert_e8d2b ON public.bills_holdpolicy IS '836a1ac178a68e649746c2119bc0e0b3f46a87bf';
CREATE TRIGGER pgtrigger_insert_insert_f9bb1 AFTER INSERT ON public.accounts_company FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_f9bb1();
COMMENT ON TRIGGER pgtrigger_insert_insert_f9bb1 ON public.accounts_company IS 'c85ff44a38c78bbdc68d59e5b5ec343de7b9c3a5';
CREATE TRIGGER pgtrigger_stamp_changed_at_82ecf BEFORE INSERT OR UPDATE ON public.duplicates_case FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_stamp_changed_at_82ecf();
COMMENT ON TRIGGER pgtrigger_stamp_changed_at_82ecf ON public.duplicates_case IS '0b1916e0e0ec56c4a45158580c39950e428e5258';
CREATE TRIGGER pgtrigger_stamp_updated_at_573a7 BEFORE INSERT OR UPDATE ON public.bills_bill FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_stamp_updated_at_573a7();
COMMENT ON TRIGGER pgtrigger_stamp_updated_at_573a7 ON public.bills_bill IS '42f914addbb6bb47b2b2e09dbe7028a0ad3a3448';
CREATE TRIGGER pgtrigger_update_update_01d65 AFTER UPDATE ON public.bills_holdpolicy FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_01d65();
COMMENT ON TRIGGER pgtrigger_update_update_01d65 ON public.bills_holdpolicy IS '708c70dd49a99ec45b718d86dbb68220ebb441a9';
CREATE TRIGGER pgtrigger_update_update_0964d AFTER UPDATE ON public.bills_invoiceuse FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_0964d();
COMMENT ON TRIGGER pgtrigger_update_update_0964d ON public.bills_invoiceuse IS 'b2b397e32bfcdd1070d972e3db00b20fc77d16eb';
CREATE TRIGGER pgtrigger_update_update_0e890 AFTER UPDATE ON public.accounts_user FOR EACH ROW WHEN (((old.date_joined IS DISTINCT FROM new.date_joined) OR ((old.email)::text IS DISTINCT FROM (new.email)::text) OR ((old.first_name)::text IS DISTINCT FROM (new.first_name)::text) OR (old.id IS DISTINCT FROM new.id) OR (old.is_active IS DISTINCT FROM new.is_active) OR (old.is_staff IS DISTINCT FROM new.is_staff) OR (old.is_superuser IS DISTINCT FROM new.is_superuser) OR ((old.last_name)::text IS DISTINCT FROM (new.last_name)::text) OR (old.sees_all_companies IS DISTINCT FROM new.sees_all_companies) OR ((old.username)::text IS DISTINCT FROM (new.username)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_0e890();
COMMENT ON TRIGGER pgtrigger_update_update_0e890 ON public.accounts_user IS '1cad733366095cde7249def61cc42454bcd9a58c';
CREATE TRIGGER pgtrigger_update_update_251d3 AFTER UPDATE ON public.bills_complianceoverride FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_251d3();
COMMENT ON TRIGGER pgtrigger_update_update_251d3 ON public.bills_complianceoverride IS '416339188ec4a37f344071a37e76a542785b5bd1';
CREATE TRIGGER pgtrigger_update_update_256e9 AFTER UPDATE ON public.duplicates_rulesetting FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_256e9();
COMMENT ON TRIGGER pgtrigger_update_update_256e9 ON public.duplicates_rulesetting IS 'cb92c46293f934be84af9f6ed36e9f189b244aad';
CREATE TRIGGER pgtrigger_update_update_25cdc AFTER UPDATE ON public.vouchers_accountmapping FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_25cdc();
COMMENT ON TRIGGER pgtrigger_update_update_25cdc ON public.vouchers_accountmapping IS 'ef3801037e7c36749fd052ca6faa2afe4d0a8cea';
CREATE TRIGGER pgtrigger_update_update_4c712 AFTER UPDATE ON public.vouchers_voucherentry FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_4c712();
COMMENT ON TRIGGER pgtrigger_update_update_4c712 ON public.vouchers_voucherentry IS '2f78feab7b43818b9e74eb37f153e0df8277fbe8';
CREATE TRIGGER pgtrigger_update_update_53fd6 AFTER UPDATE ON public.outbox_push FOR EACH ROW WHEN ((old.decided_at IS DISTINCT FROM new.decided_at)) EXECUTE FUNCTION public.pgtrigger_update_update_53fd6();
COMMENT ON TRIGGER pgtrigger_update_update_53fd6 ON public.outbox_push IS '43064f1839f32fd536946fe4918cd22210507440';
CREATE TRIGGER pgtrigger_update_update_769de AFTER UPDATE ON public.bills_bill FOR EACH ROW WHEN (((old.amount IS DISTINCT FROM new.amount) OR (old.approved_at IS DISTINCT FROM new.approved_at) OR (old.bill_date IS DISTINCT FROM new.bill_date) OR (old.booked_at IS DISTINCT FROM new.booked_at) OR ((old.bxd_key)::text IS DISTINCT FROM (new.bxd_key)::text) OR (old.company_id IS DISTINCT FROM new.company_id) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.created_by_id IS DISTINCT FROM new.created_by_id) OR ((old.currency)::text IS DISTINCT FROM (new.currency)::text) OR ((old.department)::text IS DISTINCT FROM (new.department)::text) OR ((old.employee)::text IS DISTINCT FROM (new.employee)::text) OR (old.id IS DISTINCT FROM new.id) OR ((old.number)::text IS DISTINCT FROM (new.number)::text) OR ((old.origin)::text IS DISTINCT FROM (new.origin)::text) OR ((old.payee)::text IS DISTINCT FROM (new.payee)::text) OR (old.source_id IS DISTINCT FROM new.source_id) OR ((old.state)::text IS DISTINCT FROM (new.state)::text) OR (old.submitted_at IS DISTINCT FROM new.submitted_at) OR ((old.title)::text IS DISTINCT FROM (new.title)::text) OR ((old.type)::text IS DISTINCT FROM (new.type)::text) OR (old.updated_at IS DISTINCT FROM new.updated_at) OR (old.upstream_seen_at IS DISTINCT FROM new.upstream_seen_at) OR ((old.upstream_state)::text IS DISTINCT FROM (new.upstream_state)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_769de();
COMMENT ON TRIGGER pgtrigger_update_update_769de ON public.bills_bill IS '2275df786ae610fc951380c27bfb1bc57defd191';
CREATE TRIGGER pgtrigger_update_update_878f0 AFTER UPDATE ON public.bills_billentry FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_878f0();
COMMENT ON TRIGGER pgtrigger_update_update_878f0 ON public.bills_billentry IS '44bc393b5b23e2a71f1cabafb40d5620107d666b';
CREATE TRIGGER pgtrigger_update_update_8b98e AFTER UPDATE ON public.vouchers_voucherinvoice FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_8b98e();
COMMENT ON TRIGGER pgtrigger_update_update_8b98e ON public.vouchers_voucherinvoice IS '97aa9576a34790d158ebcd6a659808c38d194b85';
CREATE TRIGGER pgtrigger_update_update_b3ac4 AFTER UPDATE ON public.bills_checksetting FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_b3ac4();
COMMENT ON TRIGGER pgtrigger_update_update_b3ac4 ON public.bills_checksetting IS 'd9aecbcf32f216b1fa9487d1d214724691c40b80';
CREATE TRIGGER pgtrigger_update_update_c2173 AFTER UPDATE ON public.accounts_company FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_c2173();
COMMENT ON TRIGGER pgtrigger_update_update_c2173 ON public.accounts_company IS 'b5aad88ac4d9e39fb5a22283de38623986534b6c';
CREATE TRIGGER pgtrigger_update_update_c2d61 AFTER UPDATE ON public.vouchers_accountbook FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.pgtrigger_update_update_c2d61();
COMMENT ON TRIGGER pgtrigger_update_update_c2d61 ON public.vouchers_accountbook IS '5f2a26a25b9758c56a99eb28eedf876de83319d6';
CREATE TRIGGER pgtrigger_update_update_dc2a6 AFTER UPDATE ON public.vouchers_redfinding FOR EACH ROW WHEN (((old.acknowledged_at IS DISTINCT FROM new.acknowledged_at) OR (old.acknowledged_by_id IS DISTINCT FROM new.acknowledged_by_id) OR (old.id IS DISTINCT FROM new.id) OR (old.invoice_id IS DISTINCT FROM new.invoice_id) OR ((old.note)::text IS DISTINCT FROM (new.note)::text) OR (old.raised_at IS DISTINCT FROM new.raised_at) OR ((old.state)::text IS DISTINCT FROM (new.state)::text) OR ((old.status)::text IS DISTINCT FROM (new.status)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_dc2a6();
COMMENT ON TRIGGER pgtrigger_update_update_dc2a6 ON public.vouchers_redfinding IS 'ee8b2a0df39bdd4cbba5c5c92fbfb3635546c85f';
CREATE TRIGGER pgtrigger_update_update_e6185 AFTER UPDATE ON public.sources_source FOR EACH ROW WHEN ((((old.base_url)::text IS DISTINCT FROM (new.base_url)::text) OR (old.company_id IS DISTINCT FROM new.company_id) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.enabled IS DISTINCT FROM new.enabled) OR (old.id IS DISTINCT FROM new.id) OR (old.interval_minutes IS DISTINCT FROM new.interval_minutes) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.name)::text IS DISTINCT FROM (new.name)::text) OR (old.options IS DISTINCT FROM new.options) OR (old.updated_at IS DISTINCT FROM new.updated_at))) EXECUTE FUNCTION public.pgtrigger_update_update_e6185();
COMMENT ON TRIGGER pgtrigger_update_update_e6185 ON public.sources_source IS 'e9e1647f639b175dceda742433524889533ec356';
CREATE TRIGGER pgtrigger_update_update_ef7e1 AFTER UPDATE ON public.vouchers_voucher FOR EACH ROW WHEN (((old.account_date IS DISTINCT FROM new.account_date) OR ((old.account_item)::text IS DISTINCT FROM (new.account_item)::text) OR (old.account_item_amount IS DISTINCT FROM new.account_item_amount) OR (old.attachments_count IS DISTINCT FROM new.attachments_count) OR (old.book_id IS DISTINCT FROM new.book_id) OR (old.booked_by_id IS DISTINCT FROM new.booked_by_id) OR (old.business_date IS DISTINCT FROM new.business_date) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.created_by_id IS DISTINCT FROM new.created_by_id) OR ((old.creator)::text IS DISTINCT FROM (new.creator)::text) OR ((old.examiner)::text IS DISTINCT FROM (new.examiner)::text) OR (old.id IS DISTINCT FROM new.id) OR ((old.item)::text IS DISTINCT FROM (new.item)::text) OR ((old.period)::text IS DISTINCT FROM (new.period)::text) OR ((old.resource)::text IS DISTINCT FROM (new.resource)::text) OR ((old.reviewer)::text IS DISTINCT FROM (new.reviewer)::text) OR (old.revision IS DISTINCT FROM new.revision) OR ((old.state)::text IS DISTINCT FROM (new.state)::text) OR ((old.sup_information)::text IS DISTINCT FROM (new.sup_information)::text) OR (old.sup_information_amount IS DISTINCT FROM new.sup_information_amount) OR (old.total_credit IS DISTINCT FROM new.total_credit) OR (old.total_debit IS DISTINCT FROM new.total_debit) OR ((old.type)::text IS DISTINCT FROM (new.type)::text) OR ((old.vouch_id)::text IS DISTINCT FROM (new.vouch_id)::text) OR ((old.vouch_no)::text IS DISTINCT FROM (new.vouch_no)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_ef7e1();
COMMENT ON TRIGGER pgtrigger_update_update_ef7e1 ON public.vouchers_voucher IS 'c16493cf9656babecbbe4173067f767a4f7a2507';
ALTER TABLE ONLY public.account_emailaddress ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_companies ADD CONSTRAINT accounts_user_compan_company_id_5101c401_fk_accounts_ FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_companies ADD CONSTRAINT accounts_user_companies_user_id_01b9ac70_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_groups ADD CONSTRAINT accounts_user_groups_group_id_bd11a704_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_groups ADD CONSTRAINT accounts_user_groups_user_id_52b62117_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_user_permissions ADD CONSTRAINT accounts_user_user_p_permission_id_113bb443_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.accounts_user_user_permissions ADD CONSTRAINT accounts_user_user_p_user_id_e4f0a161_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.axes_accessattemptexpiration ADD CONSTRAINT axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce FOREIGN KEY (access_attempt_id) REFERENCES public.axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantmessage ADD CONSTRAINT bills_assistantmessa_session_id_66f93747_fk_bills_ass FOREIGN KEY (session_id) REFERENCES public.bills_assistantsession(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantmessage ADD CONSTRAINT bills_assistantmessage_bill_id_bb558b96_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantmessage ADD CONSTRAINT bills_assistantmessage_source_id_88895d67_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantsession ADD CONSTRAINT bills_assistantsessi_opened_by_id_147bc7fb_fk_accounts_ FOREIGN KEY (opened_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantsession ADD CONSTRAINT bills_assistantsession_bill_id_9306c591_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantsession ADD CONSTRAINT bills_assistantsession_entry_id_b61660ea_fk_bills_billentry_id FOREIGN KEY (entry_id) REFERENCES public.bills_billentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_assistantsession ADD CONSTRAINT bills_assistantsession_source_id_9fc6368f_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT bills_bill_company_id_8df80782_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT bills_bill_created_by_id_ad719567_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_bill ADD CONSTRAINT bills_bill_source_id_b89ffe47_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_billcover ADD CONSTRAINT bills_billcover_bill_id_69005bed_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_billcover ADD CONSTRAINT bills_billcover_uploaded_by_id_3a8a53c0_fk_accounts_user_id FOREIGN KEY (uploaded_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_billentry ADD CONSTRAINT bills_billentry_bill_id_9568312e_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_billstep ADD CONSTRAINT bills_billstep_bill_id_fb8a786d_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_billstep ADD CONSTRAINT bills_billstep_user_id_6c7b0f88_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_checksetting ADD CONSTRAINT bills_checksetting_company_id_b310612b_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_complianceoverride ADD CONSTRAINT bills_complianceover_invoice_id_be7637a1_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_complianceoverride ADD CONSTRAINT bills_complianceover_made_by_id_2dc661b9_fk_accounts_ FOREIGN KEY (made_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_complianceoverride ADD CONSTRAINT bills_complianceover_taken_back_by_id_aa3279d0_fk_accounts_ FOREIGN KEY (taken_back_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_complianceoverride ADD CONSTRAINT bills_complianceoverride_bill_id_1c1876af_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_holdpolicy ADD CONSTRAINT bills_holdpolicy_company_id_2b2f491b_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_bill_id_7c510a39_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_entry_id_cce7631e_fk_bills_billentry_id FOREIGN KEY (entry_id) REFERENCES public.bills_billentry(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_invoice_id_fe312d7a_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_picked_by_id_2c202cbb_fk_accounts_user_id FOREIGN KEY (picked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_invoiceuse ADD CONSTRAINT bills_invoiceuse_released_by_id_d3ccc089_fk_accounts_user_id FOREIGN KEY (released_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_upstreamlisting ADD CONSTRAINT bills_upstreamlistin_invoice_id_cc9ebb3a_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_upstreamlisting ADD CONSTRAINT bills_upstreamlisting_source_id_9c568aa2_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bills_upstreamposition ADD CONSTRAINT bills_upstreamposition_source_id_10240d4e_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.core_keptreply ADD CONSTRAINT core_keptreply_user_id_48379480_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_case ADD CONSTRAINT duplicates_case_assigned_to_id_ca3072da_fk_accounts_user_id FOREIGN KEY (assigned_to_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_case ADD CONSTRAINT duplicates_case_decided_by_id_dbdf430b_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_case ADD CONSTRAINT duplicates_case_survivor_id_cf8654ed_fk_invoices_invoice_id FOREIGN KEY (survivor_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_casemember ADD CONSTRAINT duplicates_casemembe_invoice_id_18a46c17_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_casemember ADD CONSTRAINT duplicates_casemember_case_id_84f3ffdc_fk_duplicates_case_id FOREIGN KEY (case_id) REFERENCES public.duplicates_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_claim ADD CONSTRAINT duplicates_claim_case_id_7d8008bf_fk_duplicates_case_id FOREIGN KEY (case_id) REFERENCES public.duplicates_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_claim ADD CONSTRAINT duplicates_claim_source_id_4442ae17_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_decision ADD CONSTRAINT duplicates_decision_case_id_bb8185cd_fk_duplicates_case_id FOREIGN KEY (case_id) REFERENCES public.duplicates_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_decision ADD CONSTRAINT duplicates_decision_undone_by_id_f50716a0_fk_accounts_user_id FOREIGN KEY (undone_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_decision ADD CONSTRAINT duplicates_decision_user_id_07aadfd7_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_notduplicate ADD CONSTRAINT duplicates_notduplicate_case_id_c45fc756_fk_duplicates_case_id FOREIGN KEY (case_id) REFERENCES public.duplicates_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_pair ADD CONSTRAINT duplicates_pair_case_id_d9391035_fk_duplicates_case_id FOREIGN KEY (case_id) REFERENCES public.duplicates_case(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_pair ADD CONSTRAINT duplicates_pair_left_id_3562c47b_fk_invoices_invoice_id FOREIGN KEY (left_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_pair ADD CONSTRAINT duplicates_pair_right_id_8e7a2130_fk_invoices_invoice_id FOREIGN KEY (right_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.duplicates_rulesetting ADD CONSTRAINT duplicates_rulesetti_company_id_105b17df_fk_accounts_ FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_alias ADD CONSTRAINT invoices_alias_invoice_id_0726ccf1_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_fieldconflict ADD CONSTRAINT invoices_fieldconfli_invoice_id_41b420ad_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_fieldconflict ADD CONSTRAINT invoices_fieldconfli_settled_by_id_16f162b5_fk_accounts_ FOREIGN KEY (settled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_invoice ADD CONSTRAINT invoices_invoice_buyer_id_3a80072c_fk_invoices_party_id FOREIGN KEY (buyer_id) REFERENCES public.invoices_party(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_invoice ADD CONSTRAINT invoices_invoice_merged_into_id_d140e5c4_fk_invoices_invoice_id FOREIGN KEY (merged_into_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_invoice ADD CONSTRAINT invoices_invoice_seller_id_bc789af6_fk_invoices_party_id FOREIGN KEY (seller_id) REFERENCES public.invoices_party(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_invoiceline ADD CONSTRAINT invoices_invoiceline_invoice_id_071a8d97_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_samedocument ADD CONSTRAINT invoices_samedocument_said_by_id_426ef7d6_fk_accounts_user_id FOREIGN KEY (said_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_sighting ADD CONSTRAINT invoices_sighting_invoice_id_11751222_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_sighting ADD CONSTRAINT invoices_sighting_raw_id_a48a2dcd_fk_sources_rawrecord_id FOREIGN KEY (raw_id) REFERENCES public.sources_rawrecord(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_sighting ADD CONSTRAINT invoices_sighting_source_id_b6ba8fcb_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.invoices_standing ADD CONSTRAINT invoices_standing_invoice_id_8bc596e5_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.knox_authtoken ADD CONSTRAINT knox_authtoken_user_id_e5a5d899_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.mfa_authenticator ADD CONSTRAINT mfa_authenticator_user_id_0c3a50c0_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.outbox_push ADD CONSTRAINT outbox_push_company_id_18a823b6_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.outbox_push ADD CONSTRAINT outbox_push_decided_by_id_90f185ed_fk_accounts_user_id FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.outbox_push ADD CONSTRAINT outbox_push_queued_by_id_29fc1c36_fk_accounts_user_id FOREIGN KEY (queued_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.outbox_push ADD CONSTRAINT outbox_push_source_id_6ba235ee_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.outbox_pushattempt ADD CONSTRAINT outbox_pushattempt_push_id_5ed04081_fk_outbox_push_id FOREIGN KEY (push_id) REFERENCES public.outbox_push(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_cursor ADD CONSTRAINT sources_cursor_source_id_841bf800_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_quarantinedrecord ADD CONSTRAINT sources_quarantinedr_raw_id_e1a505cd_fk_sources_r FOREIGN KEY (raw_id) REFERENCES public.sources_rawrecord(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_quarantinedrecord ADD CONSTRAINT sources_quarantinedr_settled_by_id_db73c5ee_fk_accounts_ FOREIGN KEY (settled_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_quarantinedrecord ADD CONSTRAINT sources_quarantinedr_source_id_2487336b_fk_sources_s FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_rawrecord ADD CONSTRAINT sources_rawrecord_run_id_252f3efd_fk_sources_syncrun_id FOREIGN KEY (run_id) REFERENCES public.sources_syncrun(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_rawrecord ADD CONSTRAINT sources_rawrecord_source_id_1ed00543_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_source ADD CONSTRAINT sources_source_company_id_7abe6bd9_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_sourcestate ADD CONSTRAINT sources_sourcestate_source_id_3b5624fc_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_syncrun ADD CONSTRAINT sources_syncrun_requested_by_id_422d8a6b_fk_accounts_user_id FOREIGN KEY (requested_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.sources_syncrun ADD CONSTRAINT sources_syncrun_source_id_7d17fb3a_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_accountbook ADD CONSTRAINT vouchers_accountbook_company_id_4f26e1ad_fk_accounts_company_id FOREIGN KEY (company_id) REFERENCES public.accounts_company(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_accountbook ADD CONSTRAINT vouchers_accountbook_source_id_b522d5fc_fk_sources_source_id FOREIGN KEY (source_id) REFERENCES public.sources_source(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_accountmapping ADD CONSTRAINT vouchers_accountmapp_book_id_fd87b0d8_fk_vouchers_ FOREIGN KEY (book_id) REFERENCES public.vouchers_accountbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_closedperiod ADD CONSTRAINT vouchers_closedperio_book_id_0487daab_fk_vouchers_ FOREIGN KEY (book_id) REFERENCES public.vouchers_accountbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_closedperiod ADD CONSTRAINT vouchers_closedperiod_closed_by_id_f7afd29e_fk_accounts_user_id FOREIGN KEY (closed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_people ADD CONSTRAINT vouchers_redfinding__redfinding_id_6abdfc7a_fk_vouchers_ FOREIGN KEY (redfinding_id) REFERENCES public.vouchers_redfinding(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_bills ADD CONSTRAINT vouchers_redfinding__redfinding_id_753932f2_fk_vouchers_ FOREIGN KEY (redfinding_id) REFERENCES public.vouchers_redfinding(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_vouchers ADD CONSTRAINT vouchers_redfinding__redfinding_id_7f3f0b98_fk_vouchers_ FOREIGN KEY (redfinding_id) REFERENCES public.vouchers_redfinding(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_vouchers ADD CONSTRAINT vouchers_redfinding__voucher_id_c5850f1a_fk_vouchers_ FOREIGN KEY (voucher_id) REFERENCES public.vouchers_voucher(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding ADD CONSTRAINT vouchers_redfinding_acknowledged_by_id_9806e903_fk_accounts_ FOREIGN KEY (acknowledged_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_bills ADD CONSTRAINT vouchers_redfinding_bills_bill_id_94eaee55_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding ADD CONSTRAINT vouchers_redfinding_invoice_id_841a0a67_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_redfinding_people ADD CONSTRAINT vouchers_redfinding_people_user_id_d8e5ab71_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucher ADD CONSTRAINT vouchers_voucher_book_id_a502328b_fk_vouchers_accountbook_id FOREIGN KEY (book_id) REFERENCES public.vouchers_accountbook(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucher ADD CONSTRAINT vouchers_voucher_booked_by_id_5231c2bb_fk_accounts_user_id FOREIGN KEY (booked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucher ADD CONSTRAINT vouchers_voucher_created_by_id_f92f85c4_fk_accounts_user_id FOREIGN KEY (created_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherbill ADD CONSTRAINT vouchers_voucherbill_bill_id_619338f2_fk_bills_bill_id FOREIGN KEY (bill_id) REFERENCES public.bills_bill(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherbill ADD CONSTRAINT vouchers_voucherbill_voucher_id_5707dde9_fk_vouchers_voucher_id FOREIGN KEY (voucher_id) REFERENCES public.vouchers_voucher(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherentry ADD CONSTRAINT vouchers_voucherentr_voucher_id_92d1c0fc_fk_vouchers_ FOREIGN KEY (voucher_id) REFERENCES public.vouchers_voucher(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherimport ADD CONSTRAINT vouchers_voucherimport_user_id_c4abfa58_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherinvoice ADD CONSTRAINT vouchers_voucherinvo_invoice_id_7bc0b8d1_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vouchers_voucherinvoice ADD CONSTRAINT vouchers_voucherinvo_voucher_id_4383255a_fk_vouchers_ FOREIGN KEY (voucher_id) REFERENCES public.vouchers_voucher(id) DEFERRABLE INITIALLY DEFERRED;

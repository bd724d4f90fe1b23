"""Triggers that note which invoices a voucher ceases to use, or uses again (``invoices.models.UseChange``)."""

import pgtrigger


def of_vouchers() -> pgtrigger.Trigger:
    """A voucher became void or is void no longer; or it reverses another one, and that began or ended."""
    return pgtrigger.Trigger(
        name="note_use_change",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("state"),
        func="""
IF (OLD.state = 'void') <> (NEW.state = 'void')
   OR (NEW.reversal_of_id IS NOT NULL AND (OLD.state = 'booked') <> (NEW.state = 'booked'))
THEN
    INSERT INTO invoices_usechange (invoice_id)
    SELECT invoice_id FROM vouchers_voucherinvoice WHERE voucher_id IN (NEW.id, NEW.reversal_of_id)
    UNION SELECT u.invoice_id FROM vouchers_voucherbill l JOIN bills_billinvoice u ON u.bill_id = l.bill_id
     WHERE l.voucher_id IN (NEW.id, NEW.reversal_of_id);
END IF;
RETURN NULL;
""",
    )


def of_invoices() -> pgtrigger.Trigger:
    """An invoice was taken off a voucher. One that is put on begins a use, which raises nothing."""
    return pgtrigger.Trigger(
        name="note_use_change",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        func="INSERT INTO invoices_usechange (invoice_id) VALUES (OLD.invoice_id); RETURN NULL;",
    )


def of_bills() -> pgtrigger.Trigger:
    """A bill was put on a voucher or taken off it: the voucher books the uses of the bill."""
    return pgtrigger.Trigger(
        name="note_use_change",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Delete,
        func="""
INSERT INTO invoices_usechange (invoice_id)
SELECT invoice_id FROM bills_billinvoice WHERE bill_id = COALESCE(NEW.bill_id, OLD.bill_id);
RETURN NULL;
""",
    )

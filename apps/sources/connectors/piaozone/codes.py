"""Piaozone's codes. The same numbers mean other things in other systems, so these tables are not shared."""

from apps.core.errors import Intent
from apps.sources.pushes import BillType, MadeIn
from apps.sources.records import DeductionStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, Verification

INTENTS = {
    "0000": Intent.OK,
    "1307": Intent.NO_DATA,
    "1300": Intent.LOGIN_AGAIN,
    "1101": Intent.CREDENTIALS,  # the application does not belong to this company
    "1200": Intent.CREDENTIALS,  # client_id is empty
    "3000": Intent.TRY_LATER,
}

KINDS = {
    "1": InvoiceKind.VAT_GENERAL_ELECTRONIC,
    "2": InvoiceKind.VAT_SPECIAL_ELECTRONIC,
    "3": InvoiceKind.VAT_GENERAL_PAPER,
    "4": InvoiceKind.VAT_SPECIAL_PAPER,
    "5": InvoiceKind.VAT_ROLL,
    "7": InvoiceKind.MACHINE_PRINTED,
    "8": InvoiceKind.TAXI,
    "9": InvoiceKind.TRAIN_PAPER,
    "10": InvoiceKind.AIR_PAPER,
    "11": InvoiceKind.OTHER,
    "12": InvoiceKind.VEHICLE_SALE,
    "13": InvoiceKind.USED_VEHICLE,
    "14": InvoiceKind.FIXED_AMOUNT,
    "15": InvoiceKind.VAT_TOLL,
    "16": InvoiceKind.COACH,
    "17": InvoiceKind.TOLL_RECEIPT,
    "19": InvoiceKind.TAX_PAYMENT_PROOF,
    "20": InvoiceKind.SHIP,
    "23": InvoiceKind.MACHINE_PRINTED_ELECTRONIC,
    "26": InvoiceKind.DIGITAL_GENERAL,
    "27": InvoiceKind.DIGITAL_SPECIAL,
}

# A number of twenty digits is a digital invoice, although some deployments report an older type.
DIGITAL_FORMS = {
    InvoiceKind.VAT_GENERAL_ELECTRONIC: InvoiceKind.DIGITAL_GENERAL,
    InvoiceKind.VAT_GENERAL_PAPER: InvoiceKind.DIGITAL_GENERAL,
    InvoiceKind.VAT_SPECIAL_ELECTRONIC: InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.VAT_SPECIAL_PAPER: InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.TRAIN_PAPER: InvoiceKind.DIGITAL_RAIL,
    InvoiceKind.AIR_PAPER: InvoiceKind.DIGITAL_AIR,
    InvoiceKind.VAT_TOLL: InvoiceKind.DIGITAL_TOLL,
    InvoiceKind.VEHICLE_SALE: InvoiceKind.DIGITAL_VEHICLE,
    InvoiceKind.USED_VEHICLE: InvoiceKind.DIGITAL_USED_VEHICLE,
}

STATUSES = {
    "0": InvoiceStatus.NORMAL,
    "1": InvoiceStatus.LOST_CONTROL,
    "2": InvoiceStatus.VOID,
    "3": InvoiceStatus.RED,
    "4": InvoiceStatus.ABNORMAL,
}

VERIFICATIONS = {"1": Verification.PASSED, "2": Verification.FAILED, "3": Verification.NOT_DONE}

# Invoices stay reserved on a rejected bill until its owner removes them. The vendor does not document what happens to
# the invoices of a closed bill (80).
EXPENSE_STATUSES = {
    "1": ExpenseStatus.UNUSED,
    "2": ExpenseStatus.RESERVED,  # packed
    "25": ExpenseStatus.RESERVED,  # submitted
    "30": ExpenseStatus.RESERVED,  # in review
    "40": ExpenseStatus.RESERVED,  # rejected
    "60": ExpenseStatus.USED,  # approved
    "65": ExpenseStatus.USED,  # awaiting payment; in status updates 65 means booked instead
    "70": ExpenseStatus.USED,  # paid
    "27": ExpenseStatus.UNUSED,  # discarded
    "80": ExpenseStatus.UNKNOWN,  # closed
}

# The values of a status update; there, 65 means booked.
EXPENSE_STATUS_CODES = {
    ExpenseStatus.UNUSED: "1",
    ExpenseStatus.RESERVED: "30",  # in review
    ExpenseStatus.USED: "60",  # approved
    ExpenseStatus.BOOKED: "65",
}

BILL_TYPE_CODES = {
    BillType.EXPENSE: "expense",
    BillType.TRAVEL: "Tra",
    BillType.PURCHASE: "Pur",
    BillType.CORPORATE: "BizOut",
}
VOUCHER_AS_BILL = "VOUCHER"  # our own billTypeId, for a voucher that takes the place of a bill

MADE_IN_CODES = {
    MadeIn.PIAOZONE: "1",
    MadeIn.EAS: "2",
    MadeIn.CLOUD: "3",
    MadeIn.COSMIC: "4",
    MadeIn.GALAXY: "5",
}

AUTHENTICATIONS = {
    "1": DeductionStatus.NOT_TICKED,
    "2": DeductionStatus.TICKED,
    "3": DeductionStatus.CERTIFIED,  # scanned
}
TICKS = {"1": DeductionStatus.NOT_TICKED, "2": DeductionStatus.TICKED}

SEVERAL_RATES = "99"

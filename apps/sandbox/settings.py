"""Settings of a running sandbox, which may be changed while it runs. The defaults suit a quick demo."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Settings:
    """Times in seconds. ``pace``: system → minimum time between two requests (0: none)."""

    pace: dict[str, float] = field(default_factory=dict)

    failing: dict[str, float] = field(default_factory=dict)  # system → share of its calls that fail, chosen by the seed

    checker_inclusive: bool = False  # whether the feed compares >= rather than >
    checker_des_mode: Literal["cbc", "ecb"] = "cbc"
    checker_des_iv: str = ""  # '' takes the key itself
    checker_des_encoding: Literal["base64", "hex"] = "base64"

    shopex_reply: Literal["bare", "response", "rsp"] = "bare"
    shopex_transport: Literal["form", "json"] = "form"
    shopex_tax_rate_fraction: bool = False

    etax_canonical_prefix: str = ""
    etax_page_size: int = 50  # default of the province
    etax_page_limit: int = 500

    maycur_token_lifetime: float = 1800
    maycur_auth_status: int = 401  # HTTP status of a refused token; some deployments answer 200
    maycur_logins_per_minute: int = 10
    maycur_ban: float = 60
    maycur_wrap: bool = False

    piaozone_token_lifetime: float = 129_600
    piaozone_hold: float = 0.5  # how long polling waits for a message; 30 at the vendor
    piaozone_polling_key: Literal["md5", "linkKey"] = "md5"
    piaozone_voucher_auth: Literal["access_token", "sign", "none"] = "access_token"

    retry_after: float = 1  # of faults and of too fast requests
    slow: float = 0.3  # delay of a reply with the fault `slow`
    hang: float = 60  # delay before a `timeout` fault closes the connection

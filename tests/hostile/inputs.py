"""What somebody may send who means no good, or whose keyboard fell down the stairs."""

from hypothesis import strategies as st

MARK = "zq7x"  # so that an answer tells what came back out of it

# Whatever of these is taken for more than text makes an element, an attribute or a header that
# carries the mark, or the word EVALUATED.
EVALUATED = f"{MARK}evaluated"
MARKUP = [
    f"<script>{MARK}()</script>",
    f"<{MARK}>",
    f'"><{MARK} x="',
    f"'><{MARK} x='",
    f'" on{MARK}="1',
    f"' on{MARK}='1",
    f"</script><{MARK}>",
    f"</textarea></title></select><{MARK}>",
    f"--><{MARK}>",
    f"]]><{MARK}>",
    f"<!--<script>{MARK}",
    f"javascript:{MARK}()",
    f"JaVaScRiPt:{MARK}()",
    f"data:text/html,<{MARK}>",
    f"//{MARK}.example/",
    f"https://{MARK}.example/",
    f"/\\{MARK}.example/",
    f"{MARK}\r\nX-{MARK}: 1\r\n\r\n<{MARK}>",
    f"{MARK}\nBcc: {MARK}@example.com",
    f"{MARK}@example.com\r\nBcc: other@example.com",
    f'{{{{ "{MARK}"|add:"evaluated" }}}}',
    f'{{% filter cut:"-" %}}{MARK}-evaluated{{% endfilter %}}',
    f"{{0.__class__}}%(x)s%s{MARK}",
    f"&lt;{MARK}&gt;&#60;{MARK}&#62;",
    f"\ufe64{MARK}\ufe65\uff1c{MARK}\uff1e",
]
FORMULAS = [
    f"=cmd|' /C {MARK}'!A0",
    f"+{MARK}",
    f"-{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f'",={MARK},"',
    f"\n={MARK}",
]
CHARACTERS: list[str | bytes] = [
    "",
    " ",
    "\0",
    f"{MARK}\0{MARK}",
    b"\xed\xa0\x80",  # half of a pair of surrogates
    b"\xff\xfe\x00",
    b"\xc0\xaf",
    "\u202etxet\u202c",
    "\u2028\u2029\ufeff\u200b",
    "\U0010ffff\ufffe",
    "e" + "\u0301" * 500,
    "\x1b[31m\x07\x08",
    "ﷺ" * 300,
    "k" * 10_000,
    "\U0001f9b5" * 3_000,
    "../" * 20 + "etc/passwd",
    "..\\..\\windows\\win.ini",
    "%2e%2e%2f%00%0d%0a",
    "';DROP TABLE diary_user;--",
    "' OR '1'='1",
]
NUMBERS = [
    "nan",
    "-inf",
    "Infinity",
    "1e400",
    "1e-400",
    "9" * 400,
    "9" * 10_000,
    "-1",
    "-0",
    "2147483648",
    "9223372036854775808",
    "0x10",
    "1_000",
    "１２",
    "٣",
    "²",
    "1,5",
    "1.5.5",
    "0.1e1",
    "٠١:٣٠",
]
MOMENTS = [
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-w54",
    "９９９９-12-31",
    "24:00",
    "25:61",
    "01:30:00.0000001",
    "2026-03-29T02:30",
    "9999-12-31T23:59+23:59",
    "Etc/../../passwd",
    "Africa/Nowhere",
    "-1 day",
    "00000000-0000-0000-0000-000000000000",
    "{00000000000000000000000000000000}",
]
DOCUMENTS = [
    "[" * 5_000,
    "[" * 300 + "]" * 300,
    '{"a":' * 300 + "1" + "}" * 300,
    "null",
    "[]",
    "true",
    '{"__proto__": 1, "a": NaN, "a": 1e999}',
    '"\\ud800"',
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
]
VALUES: list[str | bytes] = [
    *MARKUP,
    *FORMULAS,
    *CHARACTERS,
    *NUMBERS,
    *MOMENTS,
    *DOCUMENTS,
]

ANYTHING: st.SearchStrategy[str | bytes] = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.sampled_from(VALUES),
)

# Bodies that say one thing and are another.
BODIES: list[tuple[str, bytes]] = [
    ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data; boundary=b", b"--b--"),
    ("multipart/form-data; boundary=" + "b" * 300, b"--" + b"b" * 300 + b"--"),
    ("multipart/form-data", b"--\r\n"),
    ("multipart/form-data; boundary=\xe9", b"--"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="words"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n=\xff=\r\n--b--\r\n",
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="file"; '
        b'filename="../../\x00<zq7x>.csv"\r\n\r\n=1\r\n--b--\r\n',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="\0"\r\n\r\n',
    ),
    ("application/x-www-form-urlencoded", b"%"),
    ("application/x-www-form-urlencoded", b"%zz=%ed%a0%80&=&&&==&\xff=\xfe"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"words=+ADw-zq7x+AD4-"),
    ("application/x-www-form-urlencoded; charset=no-such", b"words=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"words=a"),
    ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(1_001))),
    ("application/x-www-form-urlencoded", b"words=" + b"k" * 300_000),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"words": "a"}'),
    ("text/plain", b"words=a"),
    ("", b"words=a"),
    ("/;;=", b"\0"),
]

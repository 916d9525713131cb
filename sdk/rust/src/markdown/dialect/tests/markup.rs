//! The same message in each dialect.

use super::{all, written};
use crate::markdown::dialect::{
    DISCORD, FEISHU, PLAIN, SLACK, Style, TELEGRAM, WECOM, WECOM_V2, render,
};

const MESSAGE: &str = "## Pear *ledger*

**Branch**: main
*by* ~~tom~~ mei, `cargo test`

1. [one](https://a.example/?x=1&y=2)
   - nested
2. ![two](https://a.example/(p).png)

> quoted **text**
>
> more

```rust
let a = b < c;
```

| a | b |
|---|---|
| 1 | `x` |

---

- [x] done
";

fn check(style: &'static Style, expected: &str) {
    assert_eq!(written(MESSAGE, style), expected);
}

#[test]
fn slack() {
    check(
        &SLACK,
        "*Pear _ledger_*
*Branch*: main
_by_ ~tom~ mei, `cargo test`
1. <https://a.example/?x=1&amp;y=2|one>
    • nested
2. <https://a.example/(p).png|two>

> quoted *text*
>
> more

```
let a = b &lt; c;
```

*a* | *b*
1 | `x`

———
• ☑ done",
    );
}

#[test]
fn telegram() {
    check(
        &TELEGRAM,
        "<b>Pear <i>ledger</i></b>
<b>Branch</b>: main
<i>by</i> <s>tom</s> mei, <code>cargo test</code>
1. <a href=\"https://a.example/?x=1&amp;y=2\">one</a>
   • nested
2. <a href=\"https://a.example/(p).png\">two</a>

<blockquote>quoted <b>text</b>

more</blockquote>

<pre><code class=\"language-rust\">let a = b &lt; c;</code></pre>

<b>a</b> | <b>b</b>
1 | <code>x</code>

———
• ☑ done",
    );
}

#[test]
fn discord() {
    check(
        &DISCORD,
        "## Pear *ledger*
**Branch**: main
*by* ~~tom~~ mei, `cargo test`
1. [one](https://a.example/?x=1&y=2)
  - nested
2. [two](https://a.example/%28p%29.png)

> quoted **text**
>
> more

```rust
let a = b < c;
```

**a** | **b**
1 | `x`

———
- ☑ done",
    );
}

#[test]
fn feishu() {
    check(
        &FEISHU,
        "## Pear *ledger*
**Branch**: main
*by* ~~tom~~ mei, `cargo test`
1. [one](https://a.example/?x=1&y=2)
    - nested
2. [two](https://a.example/%28p%29.png)

> quoted **text**
>
> more

```rust
let a = b < c;
```

| a | b |
| --- | --- |
| 1 | `x` |

---
- ☑ done",
    );
}

#[test]
fn wecom() {
    check(
        &WECOM,
        "## Pear ledger
**Branch**: main
by tom mei, `cargo test`
1. [one](https://a.example/?x=1&y=2)
  • nested
2. [two](https://a.example/%28p%29.png)

> quoted **text**
>
> more

let a = b < c;

**a** | **b**
1 | `x`

———
• ☑ done",
    );
    let second = written(MESSAGE, &WECOM_V2);
    assert!(
        second.contains("| a | b |\n| --- | --- |\n| 1 | `x` |"),
        "{second}"
    );
    assert!(second.contains("*by* tom mei"), "{second}");
}

#[test]
fn plain() {
    check(
        &PLAIN,
        "Pear ledger
Branch: main
by tom mei, cargo test
1. one (https://a.example/?x=1&y=2)
  - nested
2. two (https://a.example/(p).png)

> quoted text
>
> more

let a = b < c;

a | b
1 | x

---
- ☑ done",
    );
}

#[test]
fn a_person_is_called_by_handle_or_named() {
    let text = "[Mei](mention:0) and [Tom **T**](mention:1), not [x](mention:a) or \\@all";
    let call = |place| (place == 0).then(|| "<@U1>".to_owned());
    for (name, style) in all() {
        let page = render(text, style, &call).into_text();
        assert!(page.starts_with("<@U1> and Tom "), "{name}: {page}");
        assert!(page.contains(", not x or "), "{name}: {page}");
    }
}

#[test]
fn a_link_leads_to_the_web_or_to_a_mail_address_only() {
    for (name, style) in all() {
        let page = written("[a](javascript:x) [b](data:y) [c](tg://z) [d](/e)", style);
        let page = page.replace(['\\', '\u{200b}'], "");
        assert_eq!(
            page, "a (javascript:x) b (data:y) c (tg://z) d (/e)",
            "{name}"
        );
    }
}

#[test]
fn an_address_cannot_end_its_link() {
    let text = "[a](<https://a.example/x|y>z) \"q\" (p)>) [b](<https://b.example/|c \"d>)";
    let slack = written(text, &SLACK);
    assert!(
        slack.contains("<https://b.example/%7Cc%20%22d|b>"),
        "{slack}"
    );
    let telegram = written(text, &TELEGRAM);
    assert!(
        telegram.contains("<a href=\"https://b.example/|c%20%22d\">b</a>"),
        "{telegram}"
    );
    let discord = written(text, &DISCORD);
    assert!(
        discord.contains("[b](https://b.example/%7Cc%20%22d)"),
        "{discord}"
    );
}

#[test]
fn marks_of_slack_keep_to_the_edges_of_words() {
    assert_eq!(
        written("a**b**c **d**: 中**文**字", &SLACK),
        "a\u{200b}*b*\u{200b}c *d*: 中\u{200b}*文*\u{200b}字"
    );
}

#[test]
fn what_is_empty_leaves_nothing() {
    for (name, style) in all() {
        assert_eq!(written("", style), "", "{name}");
        assert_eq!(written("#\n\n>\n", style), "", "{name}");
        let page = written("![](https://a.example/p.png)", style);
        assert!(page.contains("https://a.example/p.png"), "{name}: {page}");
    }
}

#[test]
fn a_tag_is_shown_and_a_break_breaks_the_line() {
    assert_eq!(
        written("a<br>b <u>c</u>", &TELEGRAM),
        "a\nb &lt;u&gt;c&lt;/u&gt;"
    );
    assert_eq!(
        written("<div>\nx\n</div>\n\ny", &SLACK),
        "&lt;div&gt;\nx\n&lt;/div&gt;\n\ny"
    );
}

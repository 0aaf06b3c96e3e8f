//! Which elements a body keeps, and as what.

/// What the walk does with an element.
pub(super) enum Role {
    /// Goes, with all in it.
    Drop,
    /// A block that leaves only its paragraphs.
    Block,
    /// A block that becomes a heading of this name.
    Heading(&'static str),
    /// A block that is kept; its runs are wrapped as said.
    Keep(&'static str, Inside),
    /// Inline markup that is kept.
    Inline(&'static str),
    Link,
    Break,
    Rule,
    Image,
    Noscript,
    /// Goes, what is in it stays.
    Through,
}

/// How runs inside a kept block are wrapped.
pub(super) enum Inside {
    /// Only other blocks belong there.
    Blocks,
    Paragraphs,
    Bare,
    Verbatim,
}

/// What becomes of an element of this name.
pub(super) fn role(name: &str) -> Role {
    match name {
        "script" | "style" | "template" | "svg" | "math" | "form" | "input" | "button" | "select"
        | "textarea" | "iframe" | "frame" | "frameset" | "object" | "embed" | "applet" | "link" | "meta"
        | "head" | "title" | "canvas" | "dialog" | "marquee" | "video" | "audio" | "map" | "base"
        | "datalist" | "option" => Role::Drop,
        "p" | "div" | "section" | "article" | "main" | "center" | "address" | "header" | "footer"
        | "aside" | "nav" | "body" | "html" | "fieldset" | "details" | "summary" | "hgroup" | "legend"
        | "menu" | "dir" => Role::Block,
        "h1" | "h2" => Role::Heading("h2"),
        "h3" => Role::Heading("h3"),
        "h4" => Role::Heading("h4"),
        "h5" => Role::Heading("h5"),
        "h6" => Role::Heading("h6"),
        "ul" => Role::Keep("ul", Inside::Blocks),
        "ol" => Role::Keep("ol", Inside::Blocks),
        "dl" => Role::Keep("dl", Inside::Blocks),
        "table" => Role::Keep("table", Inside::Blocks),
        "thead" => Role::Keep("thead", Inside::Blocks),
        "tbody" => Role::Keep("tbody", Inside::Blocks),
        "tfoot" => Role::Keep("tfoot", Inside::Blocks),
        "tr" => Role::Keep("tr", Inside::Blocks),
        "blockquote" => Role::Keep("blockquote", Inside::Paragraphs),
        "li" => Role::Keep("li", Inside::Bare),
        "dt" => Role::Keep("dt", Inside::Bare),
        "dd" => Role::Keep("dd", Inside::Bare),
        "td" => Role::Keep("td", Inside::Bare),
        "th" => Role::Keep("th", Inside::Bare),
        "caption" => Role::Keep("caption", Inside::Bare),
        "figure" => Role::Keep("figure", Inside::Bare),
        "figcaption" => Role::Keep("figcaption", Inside::Bare),
        "pre" | "xmp" | "listing" => Role::Keep("pre", Inside::Verbatim),
        "b" | "strong" => Role::Inline("strong"),
        "i" | "em" => Role::Inline("em"),
        "u" => Role::Inline("u"),
        "s" | "strike" | "del" => Role::Inline("s"),
        "sub" => Role::Inline("sub"),
        "sup" => Role::Inline("sup"),
        "code" => Role::Inline("code"),
        "kbd" => Role::Inline("kbd"),
        "q" => Role::Inline("q"),
        "cite" => Role::Inline("cite"),
        "mark" => Role::Inline("mark"),
        "small" => Role::Inline("small"),
        "ruby" => Role::Inline("ruby"),
        "rt" => Role::Inline("rt"),
        "rp" => Role::Inline("rp"),
        "a" => Role::Link,
        "br" => Role::Break,
        "hr" => Role::Rule,
        "img" => Role::Image,
        "noscript" => Role::Noscript,
        _ => Role::Through,
    }
}

//! Which block is the article, what beside it belongs to it, and which lines inside it do not.

use tidings::extract::{self, Context};
use tidings::model::{Draft, PageUrl, Recipe};
use tidings::normalise;
use tidings::page::Page;

fn read(html: &str) -> Draft {
    let page = Page::parse(html, PageUrl::parse("http://bote.example/ort/7.html").unwrap());
    extract::article(&page, &Context::new(&Recipe::default(), "2026-11-23T08:00:00Z".parse().unwrap())).0
}

/// The text that readers get.
fn text_of(html: &str) -> String {
    normalise::article(read(html)).map(|(article, _)| article.text).unwrap_or_default()
}

/// A page of a modern portal: a headline, what stands before the body, the body, what stands behind it.
fn page(lang: &str, before: &str, body: &str, after: &str) -> String {
    format!(
        "<html lang={lang}><head><title>Neue Brücke über die Wern - Bote</title></head><body><nav><a href=/>Start</a> <a href=/ort>Ort</a></nav>\
         <h1>Neue Brücke über die Wern</h1>{before}<div class=text>{body}</div>{after}</body></html>"
    )
}

const PARAGRAPHS: &str = "<p>Die Gemeinde hat am Montag beschlossen, die alte Holzbrücke am Sägewerk zu ersetzen, und zwar noch vor dem Herbst.</p>\
    <p>Der Neubau kostet nach Angaben des Bauamts rund 400.000 Euro, wovon das Land die Hälfte übernimmt.</p>\
    <p>Fußgänger sollen während der Bauzeit über den Steg an der Mühle ausweichen, sagte die Bürgermeisterin.</p>\
    <p>Die Arbeiten beginnen im Mai, sofern das Wasser bis dahin wieder gefallen ist.</p>\
    <p>Zuletzt war die Brücke vor sechzig Jahren erneuert worden, damals in Eigenleistung.</p>";

#[test]
fn the_lead_over_the_body_opens_the_article() {
    let lead = "Die Holzbrücke am Sägewerk wird abgerissen, der Neubau soll im Herbst fertig sein.";
    let before = format!("<div class=teaser><p>{lead}</p></div><ul class=social><li>Teilen</li></ul>");
    let text = text_of(&page("de", &before, PARAGRAPHS, ""));
    assert!(text.starts_with(lead), "{text}");
    assert_eq!(text.matches(lead).count(), 1);
    // what the body says itself is not said twice
    let twice = format!("<p>{lead}</p>{PARAGRAPHS}");
    assert_eq!(text_of(&page("de", &before, &twice, "")).matches(lead).count(), 1);
}

#[test]
fn who_wrote_it_is_no_lead() {
    let bio = "Jana Roth schreibt seit zwölf Jahren für den Boten und wohnt am Fluss.";
    let before = format!("<div class=author-bio><p>{bio}</p></div>");
    assert!(!text_of(&page("de", &before, PARAGRAPHS, "")).contains(bio));
}

#[test]
fn captions_stay_with_their_pictures_and_out_of_the_text() {
    let body = format!(
        "{PARAGRAPHS}<figure><img src=/b/1.jpg><figcaption>Die Brücke am Sägewerk im letzten Jahr.</figcaption></figure>\
         <div><img src=/b/2.jpg><p class=wp-caption-text>Der Steg an der Mühle.</p></div>"
    );
    let draft = read(&page("de", "", &body, ""));
    let (article, _) = normalise::article(draft).unwrap();
    assert!(!article.text.contains("im letzten Jahr") && !article.text.contains("Steg an der Mühle."));
    assert!(
        article.html.contains("<figcaption>Die Brücke am Sägewerk im letzten Jahr.</figcaption>"),
        "{}",
        article.html
    );
    assert!(article.html.contains("<figcaption>Der Steg an der Mühle.</figcaption>"), "{}", article.html);
}

#[test]
fn an_article_of_captions_alone_has_them_as_its_text() {
    let body = "<figure><img src=/b/1.jpg><figcaption>Der Steg an der Mühle.</figcaption></figure>";
    let text = text_of(&page("de", "", &format!("<article>{body}</article>"), ""));
    assert_eq!(text, "Der Steg an der Mühle.");
}

#[test]
fn lines_that_lead_to_other_articles_go_and_documents_stay() {
    let body = format!(
        "{PARAGRAPHS}<p><a href=/a/9.html>Feuerwehr zieht Bilanz für das vergangene Jahr</a></p>\
         <p>Lesen Sie auch: <a href=/a/8.html>Warum das Wehr an der Wern erneuert werden muss</a></p>\
         <p><a href=/d/plan.pdf>Der Plan des Bauamts</a></p><p>Gebaut wird in zwei Abschnitten, zuerst am linken Ufer.</p>"
    );
    let (article, _) = normalise::article(read(&page("de", "", &body, ""))).unwrap();
    let text = &article.text;
    assert!(!text.contains("Bilanz") && !text.contains("Lesen Sie"), "{text}");
    assert!(text.contains("zwei Abschnitten") && !text.contains("Der Plan des Bauamts"), "{text}");
    assert!(article.html.contains(">Der Plan des Bauamts</a>"), "{}", article.html);
    assert_eq!(
        article.attachments.first().map(|document| document.title.as_str()),
        Some("Der Plan des Bauamts")
    );
}

#[test]
fn a_longer_side_column_is_not_the_article() {
    let side = format!(
        "<div id=sidebar>{}</div>",
        "<p>Wir sind der Bote, die Zeitung im Tal, und das seit 1890, jeden Morgen, bei jedem Wetter.</p>"
            .repeat(9)
    );
    let consent = format!(
        "<div class=cookie-consent>{}</div>",
        "<p>Wir verwenden Dienste, um Inhalte zu zeigen, und bitten dafür um Erlaubnis.</p>".repeat(20)
    );
    let short = "<p>Die alte Holzbrücke am Sägewerk wird noch vor dem Herbst ersetzt, das hat die Gemeinde am Montag beschlossen.</p>";
    let text = text_of(&page("de", "", short, &format!("{side}{consent}")));
    assert!(
        text.contains("Holzbrücke") && !text.contains("Zeitung im Tal") && !text.contains("Erlaubnis"),
        "{text}"
    );
}

#[test]
fn a_column_named_for_its_side_bar_is_the_article_when_it_reads_like_one() {
    let html = page("de", "", "", &format!("<div class=sidebar-content>{PARAGRAPHS}</div>"));
    assert!(text_of(&html).contains("sechzig Jahren"));
}

#[test]
fn text_in_boxes_of_its_own_is_gathered() {
    let sentences: Vec<&str> = PARAGRAPHS.split_inclusive("</p>").collect();
    let boxes: String = sentences
        .iter()
        .map(|p| format!("<div class=row><div class=col><div class=widget>{p}</div></div></div>"))
        .collect();
    let text = text_of(&page("de", "", &boxes, ""));
    for part in ["am Montag beschlossen", "400.000 Euro", "Steg an der Mühle", "im Mai", "Eigenleistung"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
}

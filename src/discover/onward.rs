//! What links say that lead to the next page of a list, or to older articles.

use super::words::plain;

/// Link texts that lead to the next list page, as a whole.
const NEXT: [&str; 57] = [
    "pagina successiva",
    "pagina seguente",
    "próxima página",
    "следующая страница",
    "下一页",
    "下页",
    "后一页",
    "下一頁",
    "下頁",
    "后页",
    "次のページ",
    "次ページ",
    "次へ",
    "次の",
    "次",
    "다음",
    "next",
    "next page",
    "weiter",
    "nächste",
    "nächste seite",
    "suivant",
    "suivante",
    "page suivante",
    "siguiente",
    "página siguiente",
    "próxima",
    "próximo",
    "seguinte",
    "successiva",
    "successivo",
    "avanti",
    "volgende",
    "følgende",
    "näste",
    "следующая",
    "вперед",
    "вперёд",
    "далее",
    "дальше",
    "dalej",
    "další",
    "ďalšie",
    "sonraki",
    "seuraava",
    "επόμενη",
    "التالي",
    "הבא",
    "次の件",
    "次のページへ",
    "后条",
    "下一屏",
    "next articles",
    "next posts",
    "next results",
    "nächste einträge",
    "nächste meldungen",
];

/// What link texts begin with that lead to more or older articles: `Load more stories`, `Weitere Meldungen anzeigen`.
const ONWARD: [&str; 30] = [
    "load more",
    "show more",
    "see more",
    "view more",
    "more stories",
    "more news",
    "more articles",
    "older ",
    "earlier ",
    "weitere ",
    "ältere ",
    "mehr ",
    "voir plus",
    "afficher plus",
    "charger plus",
    "plus d",
    "ver más",
    "cargar más",
    "mostrar más",
    "mostra altr",
    "carica altr",
    "carregar mais",
    "ver mais",
    "показать ещ",
    "загрузить ещ",
    "加载更多",
    "查看更多",
    "显示更多",
    "載入更多",
    "もっと",
];
/// A longer text is a headline that begins so.
const MOST_ONWARD: usize = 32;

/// Link texts that lead to older articles; taken where the address looks like a page of the same list.
const OLDER: [&str; 26] = [
    "older",
    "older posts",
    "older entries",
    "older articles",
    "earlier",
    "load more",
    "show more",
    "more",
    "more posts",
    "ältere",
    "ältere meldungen",
    "ältere beiträge",
    "ältere artikel",
    "mehr",
    "mehr laden",
    "mehr anzeigen",
    "plus anciens",
    "articles plus anciens",
    "voir plus",
    "charger plus",
    "加载更多",
    "更多",
    "查看更多",
    "点击加载更多",
    "もっと見る",
    "anteriores",
];

/// A text without its numbers: `次の20件`, `Next 10`.
fn unnumbered(text: &str) -> String {
    let bare: String = text.chars().filter(|c| !c.is_numeric()).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a link's text leads to the next list page.
pub(super) fn is_next(text: &str) -> bool {
    let plain = plain(text);
    NEXT.contains(&plain.as_str()) || NEXT.contains(&unnumbered(&plain).as_str())
}

/// Whether a link's text leads to older articles, or is nothing but an arrow.
pub(super) fn is_older(text: &str) -> bool {
    let plain = plain(text);
    let arrow = plain.is_empty() && text.chars().any(|c| matches!(c, '>' | '»' | '›' | '→' | '＞' | '≫'));
    let is_onward =
        || plain.chars().count() <= MOST_ONWARD && ONWARD.iter().any(|words| plain.starts_with(words));
    arrow || OLDER.contains(&plain.as_str()) || is_onward()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_onward_are_known_by_their_words() {
        for next in ["次の20件≫", "下一页 >", "Next 10", "Далее", "nächste Seite ›"] {
            assert!(is_next(next), "{next}");
        }
        for older in ["Load more stories", "Weitere Meldungen", "Показать ещё новости", "查看更多新闻", "»"]
        {
            assert!(is_older(older), "{older}");
        }
        for neither in [
            "20",
            "Next of kin found",
            "次の町長に佐藤氏",
            "More rain and wind are on their way to the coast",
        ] {
            assert!(!is_next(neither) && !is_older(neither), "{neither}");
        }
    }
}

//! The words that mark what is no part of an article, and what a line of data is about.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::date;
use crate::model::{DateRules, Precision};
use crate::page::text::{is_cjk, narrow, width};

/// Elements whose content nobody reads on the page.
pub(super) fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "select"
            | "option"
            | "textarea"
            | "button"
            | "head"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "input"
            | "canvas"
    )
}

/// Borders of words are told between ASCII letters alone: so every line is read in one pass.
fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(&pattern.replace(r"\b", r"(?-u:\b)")).ok()
}

/// What a line at the edge of an article is, when it is no text of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Data about the article: source, date, author, editor, counter.
    Data,
    /// A tool: share, print, font size, previous and next, disclaimer, advert.
    Tool,
    /// The heading of a list of other articles: it and what follows it go.
    Related,
    /// A remark of the editors inside the article, as its title elsewhere.
    Note,
    /// The editor's name or a disclaimer: what the portal puts under an article that has ended.
    Close,
}

static TOOL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(「<《\s]* (
        分享 | 转发 | 微信扫一扫 | 扫一扫 | 扫描二维码 | 长按.{0,6}二维码 | 手机扫 | 打印 | 打印本页 | 关闭(窗口|本页) | 收藏 | 加入收藏 | 返回(列表|首页|顶部|上一页)? | 复制链接 | 大\s*中\s*小 | 字体 | 字号 | \+1 | 顶一下 | 踩一下
        | 上一[篇条页则] | 下一[篇条页则] | 上篇 | 下篇 | 前一[篇条] | 后一[篇条] | 没有了 | 免责声明 | 版权声明 | 特别声明 | 郑重声明 | 声明\s*: | 网友评论 | 发表评论 | 我要评论 | 评论\( | 举报 | 投诉 | 点赞 | 打开APP | 下载客户端 | 点击(下载|进入|查看更多) | 责任编辑说明 | 相关附件下载说明 | 附件下载说明 | 广告 | 关注(我们|微信|公众号) | 更多(精彩|资讯|新闻|猛料) | 我要反馈 | 自动播放 | 正在加载 | 转播到 | 已收藏 | 知道了$ | 新闻表情 | 您此时的心情 | 文章关键词 | 关键[字词]\s*[:：] | 阅读下一篇
        | share\s(this|on|via|your) | share\s*:?$ | like\s(it|this)\b.{0,12}\?\s*share | (post|add|leave|view)\s(a\s)?comments? | comments?\s*\( | \d+\scomments?$ | (image|photo|picture)?\s*credits?\s*:? $ | (show\s)?caption$ | close$ | embed\s*:?$ | text\ssize | \d+\smin(ute)?s?\sread | (table\sof\s)?contents$ | inhaltsverzeichnis$ | sponsored\slinks? | rate\sthis | advertisement\b.{0,3}$ | [-–\s]*(anzeige|iklan|reklame|reklama|publicidad|publicidade|pubblicità|реклама)[-–\s]*$ | kommentieren$ | kommentare?$ | tweet$ | print$ | e-?mail$ | advertisement$ | anzeige$ | publicité$ | werbung$ | leave\sa\s(comment|reply) | subscribe\b | sign\sup\b | (previous|next)\s(article|post|story) | all\srights\sreserved | copyright\b | © | skip\sto | back\sto | click\shere\sto
        | teilen | drucken | (seite|artikel|beitrag|meldung)\s(drucken|teilen|versenden|weiterempfehlen) | zurück(\szur)? | nach\soben | imprimer | partager | retour | haut\sde\spage | compartir | imprimir | condividi | stampa
        | 一覧(へ|に)戻る | 前のページ(へ|に)戻る | ツイート$ | シェア(する)?$ | LINEで送る$ | \(?\d+\s*/\s*\d+\)\s*(支持键盘|查看|翻页) | 支持.{0,6}键.{0,6}翻 | 查看(原图|大图) | (提示\s*:\s*)?点击图片(进入|浏览|查看)?下一[页张]
        | 友善列印 | 回上一頁 | 上一則 | 下一則 | 分享到 | ページの先頭 | 印刷する | このページを印刷 | PDFファイルをご覧 | お問い合わせ )",
    )
});

static RELATED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(「\s■●▶►]* (
        相关(阅读|文章|新闻|链接|资讯|报道|推荐|专题|内容|稿件) | 延伸阅读 | 推荐(阅读|文章|新闻|内容) | 猜你喜欢 | 热门(资讯|文章|新闻|推荐) | 最新(资讯|文章|新闻) | 更多阅读 | 相關(新聞|文章|連結) | 延伸閱讀 | 関連(記事|ニュース)
        | related\b | you\s(may|might)\salso | read\s(more|next|also|now)\b | more\s*: | more\s(from|on|in|stories)\b | (see|watch)\s(also|more)\b | also\son\b | don['’]t\smiss | popular\son | recommended\b | most\sread | trending
        | mehr\szum\sthema | weitere\s(meldungen|artikel|themen|informationen$) | (lesen|sehen)\ssie\s(auch|mehr) | lies\sauch | siehe\sauch | auch\sinteressant | das\skönnte\s(sie|dich)
        | à\slire | (lire|voir)\saussi | sur\sle\smême\s(sujet|thème) | (le(e|a)|vea|mira|mirá)\s*(también|más|además)?\s*: | le(e|a)\stambién | te\spuede\sinteresar | noticias\srelacionadas
        | (leggi|vedi)\sanche | (leia|veja)\s(também|mais) | saiba\smais | (czytaj|zobacz)\s(też|także|również|więcej) | dowiedz\ssię\swięcej | (читайте|смотрите)\s(также|ещё|еще) | по\sтеме )",
    )
});

static DATA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(\s]* (
        责任?编辑 | 责编 | 編輯 | 编辑 | 编\s?审 | 审核 | 校对 | 监制 | 初审 | 复审 | 终审 | 一审 | 二审 | 三审 | 值班(编辑|主任|总编) | 主编 | 统筹 | 录入 | 发布人 | 電話\s*[:：] | ファクス | 受付時間 | 文・写真 | 文／写真 | 上传 | 排版 | 制作
        | 来源 | 信息来源 | 文章来源 | 稿源 | 稿件来源 | 新闻来源 | 出处 | 來源 | 作者 | 原标题 | 原題 | 原文标题 | 发布(时间|日期|单位|机构)? | 发表(时间|日期|于)? | 更新(时间|日期|于)? | 时间 | 日期 | 点击(次数|数|量|率)? | 浏览(次数|量|数)? | 阅读(次数|量|数)? | 人气 | 访问量 | 访问次数 | 关键[字词] | 标签 | 所属(分类|栏目) | 分类 | 栏目 | 摘要\s*:?$ | 索引号 | 文号 | 成文日期
        | 發[布佈](時間|日期|單位|機關)? | 張貼(日期|單位|人) | 公告(日期|單位) | 刊登日期 | 點閱(次數|數)? | 瀏覽(人次|次數|數) | (主旨|標題|內容|單位)\s*:?$
        | 您(现在)?的?(当前)?位置 | 当前(的)?位置 | 你(现在)?的位置 | 位置 | 現在位置 | sie\ssind\shier | vous\sêtes\sici | you\sare\shere
        | by\s+\p{Lu} | von\s+\p{Lu} | par\s+\p{Lu} | posted\s(on|by|in) | published\b | updated\b | first\spublished | post(ed)?\stime | this\sentry\swas\sposted | aktualisiert\b | last\s(updated|modified) | filed\sunder | tags?\s*: | categor(y|ies)\s*: | source\s*: | photo(graph)?s?\s*(by|:) | quelle\s*: | stand\s*: | datum\s*: | erstellt | veröffentlicht | letzte\s(änderung|aktualisierung) | publié\s(le|par) | mis\sà\sjour | publicad[oa] | pubblicat[oa] | опубликовано | дата\s*: | автор\s*: | источник\s*: | текст\s*: | просмотров\s*: | por\s+\p{Lu}.{0,40}$ )",
    )
});

static COUNTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) 人感兴趣 | (浏览|阅读|点击|访问)(次数|量|数)?\s*[:：]?\s*\d* \s*次?$ | ^\d+\s*(views|comments?|shares|kommentare)$ | ^\(?голосов\s*:?\s*\d* | ^рейтинг\b | ^просмотров | ^责任?编辑",
    )
});

static NOTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(\s]* ( 原标题 | 原題 | 原文标题 | 原文链接 | 文章标题 ) \s*[:：]
        | ^[\[(\s]* (photos? | fotos? | images? | bild(er|quelle)? | abbildung(en)? | pictures? | illustration(en|s)? | imagen | foto-?credit | crédits?(\sphotos?)? | grafik | фото) \s* (credits? | courtesy | by \b | [:：©])",
    )
});

/// A photographer's and an agency's name.
static PICTURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) [/©|] .{0,20} \b ( getty(\simages)? | afp | ap | reuters | dpa | epa | pap | efe | ansa | imago | wenn(\.com)? | picture[\s-]alliance | shutterstock | istock\w* | unsplash | pixabay ) [)\]]? $",
    )
});

/// How papers say where to write to an author, under what the author wrote.
const CONTACTS: [&str; 9] = [
    "reach him at",
    "reach her at",
    "reach them at",
    "contact him at",
    "contact her at",
    "email him at",
    "email her at",
    "follow him on twitter",
    "be reached at",
];

/// What calls to stay in touch say,
const CALLS: [&str; 41] = [
    "sign up",
    "signup",
    "signing up",
    "subscribe",
    "never miss",
    "follow us",
    "follow @",
    "join us",
    "join our",
    "like us",
    "get the latest",
    "get our",
    "get the best",
    "get the top",
    "delivered",
    "download our",
    "download the",
    "available on",
    "melden sie sich",
    "abonnieren",
    "abonniere",
    "jetzt anmelden",
    "folgen sie",
    "folge uns",
    "inscrivez",
    "abonnez",
    "suivez",
    "suscríbe",
    "suscribir",
    "síguenos",
    "únete",
    "mira lo que tiene",
    "iscriviti",
    "seguici",
    "assine",
    "siga-nos",
    "siga o",
    "receba",
    "inscreva",
    "подпис",
    "читайте нас",
];
/// and by which way.
const CHANNELS: [&str; 19] = [
    "newsletter",
    "e-mail",
    "email",
    "inbox",
    "posteingang",
    "postfach",
    " app",
    "facebook",
    "twitter",
    "telegram",
    "whatsapp",
    "whats app",
    "instagram",
    "youtube",
    "messenger",
    "canal",
    "kanal",
    "channel",
    "канал",
];

static CLOSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(《<\s]* (
        ( 责任编辑 | 责编 | 本文编辑 | 网络编辑 | 責任編輯 | 编辑 | 編集 ) \s*[:：/丨|︱]
        | ( 本文|文章|稿件|新闻|信息 )? 来源 \s*[:：] .* (责任)?编辑 \s*[:：]
        | ( 特别声明 | 免责声明 | 版权声明 | 郑重声明 | 重要声明 | 版权说明 | 声明 ) \s*[:：]
        | ((本件|この(ページ|記事))に関する)? お?問い?合わ?せ(先|窓口)? \s*$ | (vos\s|les\s)?commentaires? (\s\(\d+\))? \s*$ | comment[is]s? \s*$ | comentarios \s*$ | комментарии (\s\(\d+\))? \s*$ | 网友评论 \s*$ | コメント \s*$
        | notice\s*:\s*the\scontent\sabove
        | (about\sthe\s(author|writer)s? | über\s(den|die)\sautor(in)? | zur\sperson | sobre\s(el|la|o|a)\sautora? | à\spropos\sde\sl['’]auteur | l['’]autore | o\sautorze | об\sавторе) \s*:? $ )",
    )
});

/// Credits and remarks that may stand anywhere on a short line.
static WITHIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ( 责任编辑 | 信息来源 | 文章来源 | 稿件来源 | 发布时间 | 发布日期 | 浏览(次数|量) | 点击(次数|量) | 阅读(次数|量) ) \s*[:：]
        | ^ .{0,16} \d{4}[-/年.]\d{1,2}[-/月.]\d{1,2} .{0,24} ( 来\s*源 | 作\s*者 ) \s*[:：]
        | 侵权.{0,10}(删除|处理) | 联系.{0,6}删除 | (扫描|扫一扫|长按|识别).{0,12}二维码 | (未经|不得).{0,8}(授权|许可).{0,10}转载
        | ^[（(\[【]? (本文|图文?|文章|视频|图片) (转载自|来自|来源|转自|源自)
        | 关注.{0,10}(微信|公众号|官方)",
    )
});

/// A writer's or photographer's credit on a line of its own: `采写：…`, `本报记者 张三`.
static CREDIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix) ^[\[【（(\s]* ( 采写 | 采访 | 撰文 | 撰稿 | 供稿 | 摄影 | 摄像 | 图片 | 文 | 图 | 文图 | 图文 | 文字 | 剪辑 | 视频 | 统筹 | 编译 | 翻译 | 整理 | 出品 | 策划 | 监制 | 原创 | 来源 | 作者 | 记者 | 通讯员 ) \s*[:：/丨|︱]
        | ^\S{0,10}(记者|通讯员)\s+\p{Han}{2,4}([\s、]+\p{Han}{1,4}){0,6}$",
    )
});

/// A pager and nothing else: its words and numbers,
static PAGER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?ix)^ ( [\s\[\](){}<>«»‹›【】《》|·•…:,./_-]
        | \d{1,3} | [共第] | [页頁] | 首[页頁] | [尾末][页頁] | [上下前后後]一?[页頁] | (在?本页)?(阅读|显示|查看)全文 | 余下全文 | 全文(阅读|表示) | 单页阅读 | 1ページで表示 | 前のページ | 次のページ | 前へ | 次へ | ページ
        | (alles|artikel|ganzer\sartikel)?\s*auf\seiner\sseite(\slesen)?\b | (view|read|show)\s(all|(as\s|on\s)?(a\s|one\s|single\s)*page)\b | single\spage\b | (lire|afficher)?\s*sur\sune\s(seule\s)?page\b | continue\s(to|on)\b | (previous|prev|next)\b | pages?\b | of\b | seiten?\b | von\b | vorherige\b | nächste\b | weiter\b | zurück\b | suivante?\b | précédente?\b | sur\b
        | страниц[аы] | следующая | предыдущая | назад | вперед | вперёд | далее | página | siguiente | anterior )+ $",
    )
});

/// and what one of its words is, beside a number at least.
static PAGER_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)[页頁]|ページ|[次前]へ|page|seite|next|prev|nächste|suivant|страниц|следующая|далее|вперед|вперёд|página|siguiente|\[1\]",
    )
});
/// A longer line is none.
const PAGER_WIDTH: usize = 120;

/// Whether a line is the pager of an article: it stands in the block of many.
fn is_pager(line: &str, width: usize) -> bool {
    let is = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(line));
    let may_be = width <= PAGER_WIDTH && line.bytes().any(|b| b.is_ascii_digit());
    may_be && is(&PAGER_WORD) && is(&PAGER)
}

/// Whether a line begins as one that leads to another article.
pub(super) fn is_related(line: &str) -> bool {
    RELATED.as_ref().is_some_and(|regex| regex.is_match(narrow(line).trim()))
}

/// A line of so few half widths is no sentence, whatever its end.
const SHORT: usize = 20;

/// What a line at the edge of an article is, by its text and its width; None for a line of its text. Long lines
/// are text.
pub(super) fn edge(line: &str, width: usize) -> Option<Edge> {
    // none of the marks below begins a longer one but a disclaimer
    let plain = if line.is_ascii() { Cow::Borrowed(line) } else { Cow::Owned(narrow(line)) };
    let plain = plain.trim();
    let is = |regex: &LazyLock<Option<Regex>>| regex.as_ref().is_some_and(|regex| regex.is_match(plain));
    if width <= 160 && (is(&NOTE) || may_be_credit(plain) && is(&PICTURE)) {
        return Some(Edge::Note);
    }
    if is_pager(plain, width) {
        return Some(Edge::Tool);
    }
    if is(&CLOSE) && (width <= 160 || !plain.starts_with("声明")) {
        return Some(Edge::Close);
    }
    // the costly ones look within the line, and only for Chinese words
    let is_han = !plain.is_ascii() && plain.chars().any(is_cjk);
    if is_han && width <= 120 && is(&WITHIN) {
        return Some(Edge::Data);
    }
    if (SHORT..=240).contains(&width) {
        let lower = plain.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if has(&CONTACTS) {
            return Some(Edge::Close);
        }
        if has(&CHANNELS) && has(&CALLS) {
            return Some(Edge::Tool);
        }
    }
    if width > 160 || ends_sentence(plain) && width > 70 {
        return None;
    }
    if width <= 60 && is(&RELATED) {
        return Some(Edge::Related);
    }
    if (!ends_sentence(plain) || width <= SHORT) && is(&TOOL) {
        return Some(Edge::Tool);
    }
    let is_counter =
        || (!plain.is_ascii() || plain.starts_with(|c: char| c.is_ascii_digit())) && is(&COUNTER);
    if (!ends_sentence(plain) && is(&DATA)) || is_counter() || is_han && width <= 80 && is(&CREDIT) {
        return Some(Edge::Data);
    }
    None
}

/// Whether a line has what divides a photographer from an agency.
fn may_be_credit(line: &str) -> bool {
    line.bytes().any(|b| matches!(b, b'/' | b'|' | 0xa9))
}

/// Whether a line holds nothing to read: counters, font sizes, arrows.
pub(super) fn is_scrap(line: &str) -> bool {
    !line.is_empty() && width(line) <= 40 && line.chars().filter(|c| c.is_alphabetic()).count() <= 1
}

/// Whether a short line is a date and little else.
pub(super) fn is_dated(line: &str) -> bool {
    if width(line) > 60 || !line.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let rules = DateRules::default();
    let context = date::Context {
        now: chrono::DateTime::UNIX_EPOCH,
        zone: chrono_tz::Tz::UTC,
        lang: None,
        rules: &rules,
    };
    let found = date::find(line, &context);
    let full = || found.iter().filter(|f| f.kind == date::Kind::Full);
    let spans: usize = full().map(|f| f.span.len()).sum();
    // a time to the minute at the very beginning is when it was posted: who and where may follow
    let begins = |f: &date::Found| f.stamp.precision <= Precision::Minute && f.span.start <= 3;
    spans * 2 > line.len() || full().any(begins) && !ends_sentence(line)
}

/// Whether a line ends as a sentence does.
pub(super) fn ends_sentence(line: &str) -> bool {
    let last = line.trim_end_matches(['"', '”', '’', '」', '』', ')', '）']).chars().next_back();
    matches!(last, Some('。' | '！' | '？' | '…' | '!' | '?' | '.' | ';' | '；'))
}

/// Whether a text or an address names a document to download.
pub(super) fn names_document(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [".pdf", ".doc", ".xls", ".zip", ".rar", ".ppt", ".wps", ".ofd", "附件"]
        .iter()
        .any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pager_in_the_block_is_no_text() {
        let is = |line: &str| edge(line, width(line)) == Some(Edge::Tool);
        for pager in [
            "Seite 1 von 3 2 3 Nächste Seite Auf einer Seite lesen",
            "Page 1 of 3 Next Page View All",
            "[1] [2] 下一页 在本页阅读全文",
            "共3页 上一页 [1] [2] [3] 下一页",
            "[1] [2] [3]",
            "Seite: 1 2 3 weiter",
            "Page 1 of 2 Continue to page 2",
            "Страницы: 1 2",
            "1 | 2 | 次のページ",
        ] {
            assert!(is(pager), "{pager}");
        }
        assert!(is("提示：点击图片进入下一页") && is("一覧に戻る"));
        for text in ["1 2 3", "第3页的数字有误", "Seite 3 der Zeitung", "3 von 4"] {
            assert!(!is(text), "{text}");
        }
    }
}

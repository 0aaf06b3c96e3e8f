//! What fields are called: the words of many systems and languages for title, link, date and the others.

/// What a field tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Link,
    Date,
    Modified,
    Summary,
    Body,
    Author,
    Source,
    Category,
    Image,
    Id,
}

/// Names by role, without marks and in lower case, the surer first. `*` is where names stand that only end so.
const NAMES: [(Role, &str); 11] = [
    (
        Role::Title,
        "title headlines doctitle newstitle articletitle infotitle contenttitle noticetitle headline showtitle listtitle maintitle longtitle \
         shorttitle subject biaoti bt wjbt wzbt xwbt titel ueberschrift überschrift titre titulo título titolo * \
         titletext name topic linktitle",
    ),
    (
        Role::Link,
        "url link docpuburl puburl articleurl newsurl contenturl detailurl pageurl weburl shareurl \
         linkurl linkaddress permalink canonicalurl staticurl htmlurl visiturl pcurl href arturl infourl jumpurl \
         h5url urlpath uri lj pfad lien enlace * path \
         mainentityofpage slug id",
    ),
    (
        Role::Date,
        "datepublished publishtime publishtimestr publishedat publishdate publisheddate publishedtime pubtime \
         pubdate published publicationdate publisheddatetime publishat docreltime docpubtime \
         deploytime releasetime releasedate firstpublishedat firstpublished dategmt date datetime newstime \
         displaytime showtime displaydate posttime postdate issuetime issuedate onlinetime inputtime \
         addtime writetime createtime createtimestr crtime createdat createdate created ctime creationdate time timestamp dateline \
         fbsj fbrq cjsj sj rq datum erschienen veroeffentlicht veröffentlicht fecha * day",
    ),
    (
        Role::Modified,
        "datemodified modifiedgmt modified modifiedat updatedat updatetime updated lastmodified \
         edittime mtime geaendert geändert aktualisiert",
    ),
    (
        Role::Summary,
        "summary abstract docabstract digest description desc intro introduction excerpt brief lead \
         teaser standfirst zhaiyao zy dek summarytext vorspann anriss chapo resumen",
    ),
    (
        Role::Body,
        "articlebody contenthtml bodyhtml htmlcontent dochtmlcon doccontent content body html \
         fulltext richtext contenttext newscontent articlecontent detail details neirong nr wznr text \
         paragraphs blocks contentelements contentlist inhalt contenu contenido corps cuerpo texte texto *",
    ),
    (
        Role::Author,
        "author authors credits authorname writer byline docauthor reporter creator zuozhe zz autor autorin \
         auteur verfasser displayauthor *",
    ),
    (
        Role::Source,
        "source sourcename docsource docsourcename origin originname copyfrom medianame media laiyuan \
         xxly ly comefrom articlesource publishername quelle fuente *",
    ),
    (
        Role::Category,
        "articlesection wpterm category categoryname channelname columnname channel column section \
         docchannel catname sectionname categories sections rubrik ressort rubrique kategorie seccion lmmc",
    ),
    (
        Role::Image,
        "image cover coverurl coverimage titleimage titlepic thumb thumbnail thumbnailurl img imgurl \
         imageurl pic picurl litpic featuredimage poster bild",
    ),
    (
        Role::Id,
        "guid uuid docid newsid articleid contentid infoid metadataid postid nid aid storyid itemid \
         archiveid databaseid id slug",
    ),
];

/// Ends of names that say a role, and what the rest of such a name has in it when it says another.
const ENDS: [(Role, &str, &str); 6] = [
    (
        Role::Title,
        "title headline subject titel",
        "sub seo meta site page column channel category section class img image pic author job alt parent \
         module nav group",
    ),
    (
        Role::Link,
        "url link href uri",
        "img image pic cover thumb avatar logo icon video audio media api self author user column channel \
         category section class site source qr poster file head banner play comment edit prev next origin \
         home parent static bild",
    ),
    (
        Role::Date,
        "time date edat datum fecha timestamp",
        "update modif edit expir end start begin top delet cancel reply comment birth valid deadline read \
         view sync crawl login event last",
    ),
    (
        Role::Body,
        "content html body richtext",
        "has is type short sub title comment summary desc format head foot",
    ),
    (Role::Author, "author reporter", "last first comment photo"),
    (Role::Source, "source sourcename", "data video image img pic"),
];

/// A name without its marks, in lower case: `doc_pub-url`, `DocPubUrl`.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a field of a plain name may tell, each with how sure that is: the lower, the surer.
pub(super) fn roles(name: &str) -> Vec<(Role, usize)> {
    let mut all: Vec<(Role, usize)> = Vec::new();
    for (role, names) in NAMES {
        all.extend(names.split_whitespace().position(|one| one == name).map(|at| (role, at)));
    }
    if all.is_empty() {
        all.extend(ENDS.iter().filter(|(_, ends, others)| ends_so(name, ends, others)).map(|(role, ..)| {
            let names = NAMES.iter().find(|(known, _)| known == role).map_or("", |(_, names)| names);
            (*role, names.split_whitespace().take_while(|one| *one != "*").count())
        }));
    }
    all
}

/// Whether a name, in its plain form, says that a link leads to something else: a picture, a column, a person.
pub(super) fn leads_elsewhere(name: &str) -> bool {
    let links = ENDS.iter().find(|(role, ..)| *role == Role::Link);
    links.is_some_and(|(.., others)| others.split_whitespace().any(|other| name.contains(other)))
}

fn ends_so(name: &str, ends: &str, others: &str) -> bool {
    ends.split(' ').any(|end| {
        let rest = name.strip_suffix(end).filter(|rest| !rest.is_empty());
        rest.is_some_and(|rest| !others.split_whitespace().any(|other| rest.contains(other)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_fields_are() {
        let first = |name: &str| roles(&plain(name)).first().map(|(role, _)| *role);
        for (name, role) in [
            ("docPubUrl", Role::Link),
            ("docUrl", Role::Link),
            ("contentTitle", Role::Title),
            ("news_title", Role::Title),
            ("datum", Role::Date),
            ("infoPublishTime", Role::Date),
            ("first_issued_at", Role::Date),
            ("wzContent", Role::Body),
            ("WJBT", Role::Title),
            ("publishTimeStr", Role::Date),
            ("crTime", Role::Date),
            ("staticUrl", Role::Link),
            ("linkAddress", Role::Link),
        ] {
            assert_eq!(first(name), Some(role), "{name}");
        }
        for name in
            ["subTitle", "coverHref", "thumbLink", "expireTime", "lastLoginTime", "columnTitle", "x", ""]
        {
            assert_eq!(first(name), None, "{name}");
        }
    }
}

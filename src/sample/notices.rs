//! Notices that appear by themselves every two minutes: forms filled in from the slot's number and time.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;

/// A notice, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
}

/// The form of a notice. `{d}` is the day, `{t}` the time, `{p}` and `{q}` two places, `{w}` a person,
/// `{a}`, `{b}` and `{c}` numbers from 1 to 9.
#[derive(Clone, Copy)]
struct Form {
    title: &'static str,
    paragraphs: &'static [&'static str],
}

/// The notice of a slot: always the same for the same slot.
pub(super) fn notice(slot: u64, time: DateTime<Tz>) -> Notice {
    let form = one_of(&FORMS, slot);
    // the forms go round; what fills them must not go round in step
    let mixed = mix(slot);
    let filled = |text: &str| fill(text, mixed, time);
    let mut paragraphs: Vec<String> = form.paragraphs.iter().map(|text| filled(text)).collect();
    paragraphs.push(filled(one_of(&ENDINGS, mixed >> 20)));
    Notice { title: filled(form.title), paragraphs }
}

fn fill(text: &str, mixed: u64, time: DateTime<Tz>) -> String {
    let digit = |shift: u32| ((mixed >> shift) % 9 + 1).to_string();
    let place = mixed >> 32;
    text.replace("{d}", &format!("{}月{}日", time.month(), time.day()))
        .replace("{t}", &format!("{}时{}分", time.hour(), time.minute()))
        .replace("{p}", one_of(&PLACES, place))
        .replace("{q}", one_of(&PLACES, place + 1 + (mixed >> 40) % 5))
        .replace("{w}", one_of(&PEOPLE, mixed >> 48))
        .replace("{a}", &digit(4))
        .replace("{b}", &digit(10))
        .replace("{c}", &digit(16))
}

/// Spreads neighbouring numbers (the finaliser of `SplitMix64`).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn one_of<T: Copy, const N: usize>(choices: &[T; N], number: u64) -> T {
    const { assert!(N > 0, "a choice needs something to choose from") };
    let at = usize::try_from(number % N as u64).unwrap_or(0);
    choices[at.min(N - 1)]
}

const PLACES: [&str; 8] = ["老码头", "水闸", "东街", "鹭鸣桥", "石板巷", "苗圃", "湿地北门", "粮站"];

const PEOPLE: [&str; 7] = ["陆师傅", "韩站长", "姚老师", "贺大姐", "方医生", "管理员小孟", "值班员老葛"];

const ENDINGS: [&str; 6] = [
    "如有变动,以现场公告为准。咨询可到{q}服务点,每天上午八点到下午五点半有人值班。",
    "以上消息由{w}提供,下一次更新不晚于两个小时以后。",
    "请大家互相转告,特别是家里有老人和孩子的住户。",
    "{w}说,有意见和建议可以写在{q}的留言簿上,每周五统一答复。",
    "前一次通知同时作废。对{d}的安排有疑问的,请直接到{q}询问。",
    "给您带来不便,请谅解;多谢{q}附近各位街坊一直以来的配合。",
];

const FORMS: [Form; 10] = [
    Form {
        title: "公交{a}路{d}{t}班次提示:{p}站临时改道",
        paragraphs: &[
            "{d}{t},公交调度室通知:因{p}路口更换井盖,{a}路车暂不停靠{p}站,改由{q}绕行,预计多用{b}分钟。",
            "需要在{p}上下车的乘客,请到前一站候车。改道期间每小时加开{c}班,司机会在车门口报站。",
        ],
    },
    Form {
        title: "{d}{t}天气实况:{p}一带气温1{a}度 微风",
        paragraphs: &[
            "镇气象观测点{d}{t}测得:{p}气温1{a}.{b}度,相对湿度6{c}%,偏东风二级,能见度良好。",
            "预计未来三小时云量增多,{q}一带可能有零星小雨,雨量不超过{b}毫米。青苇河渡船照常开行。",
            "早晚温差较大,出门请带一件外套。",
        ],
    },
    Form {
        title: "图书馆{d}{t}新书上架:乡土与自然类{a}{b}种",
        paragraphs: &[
            "镇图书馆{d}{t}完成一批新书编目,共{a}{b}种,放在二楼靠窗的三号架,其中乡土与自然类占一半以上。",
            "管理员推荐的是一本讲{p}旧事的口述史,作者走访了{c}位在那里住了半辈子的居民。每人限借两册,借期三十天。",
        ],
    },
    Form {
        title: "东街菜市场{d}{t}价格:莲藕每斤{a}元{b}角",
        paragraphs: &[
            "{d}{t}东街菜市场抽样:莲藕每斤{a}元{b}角,青菜每斤{c}元,鲫鱼每斤1{b}元,豆腐每块{c}元。",
            "与上一次抽样相比,水产略有回落,叶菜因为{p}的大棚集中上市,供应充足。市场公平秤设在南门,随时可以复称。",
        ],
    },
    Form {
        title: "青苇河{d}{t}水位播报:{p}站{a}.{b}{c}米",
        paragraphs: &[
            "水务站{d}{t}读数:{p}站水位{a}.{b}{c}米,低于警戒水位,流速平稳,水温1{c}度。",
            "{q}水闸开启{b}孔,保持小流量下泄。沿岸钓鱼的市民请不要越过护栏,夜间不要在石阶上停留。",
        ],
    },
    Form {
        title: "{p}片区{d}计划停水通知({t}发布)",
        paragraphs: &[
            "因更换{p}的旧阀门,水务站定于{d}晚上十点到次日凌晨{a}点停水,范围是{p}至{q}之间的{b}{c}户。",
            "请提前储水,关好水龙头。恢复供水后最初几分钟水色可能发黄,放一会儿就会变清。",
            "送水车停在{q}路口,可以自带水桶取用。",
        ],
    },
    Form {
        title: "文化站{d}{t}预告:{p}戏台周末演出{a}场",
        paragraphs: &[
            "文化站{d}{t}公布了周末节目单,{p}戏台共演{a}场,有渔鼓、评书和学生合唱,全部免费入场。",
            "座位{b}{c}0个,不对号。节目最早的一场上午九点半开始,中间休息二十分钟,{w}在后台备了茶水。",
        ],
    },
    Form {
        title: "失物招领{d}{t}:{p}拾到雨伞{a}把、书包{b}个",
        paragraphs: &[
            "{d}{t},{w}把在{p}拾到的物品送到了服务台:雨伞{a}把,书包{b}个,另有一串系着红绳的钥匙。",
            "失主请带有效证件到{q}服务台认领,说出物品的颜色和里面装着什么即可。保管期为{c}十天,逾期转交社区。",
        ],
    },
    Form {
        title: "卫生院{d}{t}通知:下午{p}义诊 可测血压血糖",
        paragraphs: &[
            "卫生院{d}{t}通知,下午两点到四点半在{p}设义诊点,{w}和{a}名护士到场,可以测血压、测血糖,解答用药问题。",
            "准备测空腹血糖的居民可在次日早上七点前往{q}。六十五岁以上的老人请带上健康手册,名额{b}{c}个,不收费用。",
        ],
    },
    Form {
        title: "芦汀足球联赛{d}{t}战报:{p}队{a}比{b}{q}队",
        paragraphs: &[
            "芦汀业余足球联赛{d}{t}结束了一场较量,{p}队与{q}队踢成{a}比{b},全场共有{c}次角球。",
            "上半场双方打得谨慎,休息以后节奏加快。{w}赛后说,两队都有新人上场,跑动比上一轮积极得多。",
            "下一轮比赛移到中学操场举行,观众请从北侧小门入场。",
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::calendar::slot_time;
    use super::*;

    #[test]
    fn a_day_of_notices_has_no_two_alike_and_no_gap_unfilled() {
        let mut titles = HashSet::new();
        let mut bodies = HashSet::new();
        for slot in 1_800_000..1_800_720 {
            let notice = notice(slot, slot_time(slot).unwrap());
            let body = notice.paragraphs.concat();
            assert!(!notice.title.contains('{') && !body.contains('{'), "{notice:?}");
            assert!(notice.paragraphs.len() >= 3);
            assert!(titles.insert(notice.title.clone()), "{} came twice", notice.title);
            assert!(bodies.insert(body), "{} has the body of another", notice.title);
        }
    }

    #[test]
    fn a_slot_always_gives_the_same_notice() {
        let time = slot_time(1_812_345).unwrap();
        assert_eq!(notice(1_812_345, time), notice(1_812_345, time));
    }
}

//! The sample town's written articles: the dozen of its news list, and the few its side columns show.

use chrono::Duration;

/// A section of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The town's news, the list that is read.
    Town,
    /// Everyday life.
    Life,
    /// Schools and science.
    School,
}

impl Section {
    pub(super) const ALL: [Self; 3] = [Self::Town, Self::Life, Self::School];

    /// Its number in addresses.
    pub(super) fn class(self) -> u64 {
        match self {
            Self::Town => 3,
            Self::Life => 4,
            Self::School => 5,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Town => "芦汀",
            Self::Life => "民生",
            Self::School => "科教",
        }
    }
}

/// An article as written; `{d}` in its paragraphs stands for the day it appeared.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) title: &'static str,
    pub(super) section: Section,
    /// How long before its era's beginning it appeared: days, hours, minutes, seconds.
    before: [i64; 4],
    pub(super) source: Option<&'static str>,
    /// What its picture shows.
    pub(super) picture: Option<&'static str>,
    pub(super) paragraphs: &'static [&'static str],
}

impl Written {
    pub(super) fn before(&self) -> Duration {
        let [days, hours, minutes, seconds] = self.before;
        Duration::days(days)
            + Duration::hours(hours)
            + Duration::minutes(minutes)
            + Duration::seconds(seconds)
    }
}

use Section::{Life, School, Town};

/// All of them, the newest first.
pub(super) const WRITTEN: [Written; 16] = [
    Written {
        title: "老码头步行桥加固完工 周六早上六点起恢复通行",
        section: Town,
        before: [0, 14, 48, 17],
        source: None,
        picture: Some("加固后的老码头步行桥"),
        paragraphs: &[
            "封闭了四十六天的老码头步行桥加固工程{d}通过验收。镇建设办公室说,本周六早上六点,桥面围挡将全部拆除,两岸居民不用再绕行水闸公路。",
            "这座桥建于1978年,全长一百一十二米。今年夏天的一次例行检查发现,三号桥墩的护面有两处剥落,栏杆底座也已松动。施工队为桥墩加了一层钢筋混凝土护套,换下全部木栏板,并把原来高低不平的石阶改成了缓坡。",
            "住在西岸的鲁师傅每天推车过桥去卖豆腐。他说,绕行的这一个多月每天要多走五里路,“坡改缓了,以后车子一个人也推得上去。”",
            "桥头的限重牌也换了新的:自行车和手推车可以通行,摩托车和三轮机动车仍须走水闸公路。夜间桥灯亮到十一点。",
        ],
    },
    Written {
        title: "镇图书馆延长夜间开放 阅览室每晚九点半闭馆",
        section: Town,
        before: [1, 6, 5, 2],
        source: Some("芦汀晚报"),
        picture: None,
        paragraphs: &[
            "从{d}起,镇图书馆二楼阅览室的闭馆时间由晚上七点推迟到九点半,周一照常闭馆整理图书。",
            "馆长杜秋雁介绍,春天做过一次问卷,收回的三百多份里有七成希望下班以后还能看书。馆里调整了排班,又请来十五名志愿者轮流值守服务台。",
            "夜间时段可以还书、办证和自习,古籍室和音像室不开放。带孩子来的家长请留意:少儿区的灯八点半关。",
        ],
    },
    Written {
        title: "第十七届芦汀龙舟赛开始报名 三十二支队伍名额先到先得",
        section: Town,
        before: [2, 15, 20, 44],
        source: None,
        picture: Some("去年决赛冲过终点的两条龙舟"),
        paragraphs: &[
            "第十七届芦汀龙舟赛{d}开始接受报名。今年的赛道仍设在青苇河水闸至老码头之间,直道五百米,分十二人小龙和二十二人大龙两组。",
            "组委会把参赛队伍定为三十二支,比去年多八支。每队须有至少两名女队员,舵手要出示水上安全培训的合格证明。报名不收费,救生衣由组委会统一提供。",
            "去年的冠军是苇编合作社队,他们在最后五十米以半个船头的优势赢了中学教师队。队长说,今年已经练了三个星期,“对手一定更强,我们把鼓手换成了嗓门最大的那一位。”",
            "预赛和决赛安排在同一天。比赛期间河道封闭,渡船停开,两岸设有六处观赛点。",
            "报名表可到文化站领取,也可以由社区代交,满额为止。",
        ],
    },
    Written {
        title: "青苇河清淤工程过半 三处取水口水质稳定",
        section: Town,
        before: [3, 13, 2, 9],
        source: None,
        picture: None,
        paragraphs: &[
            "记者{d}从水务站了解到,青苇河秋季清淤已完成全长七公里中的四公里,挖出淤泥约三万一千立方米,晒干后将用于湿地公园的土坡。",
            "为了不影响供水,工程采取分段围堰的办法,一次只抽干三百米河道。水务站在三处取水口每四小时取样一次,到目前为止浑浊度都在限值以内。",
            "工程队还在河底找到了一只旧船锚和两块刻着字的石碑,已经交给文化站保管。碑文大部分磨损,能认出“义渡”两个字。",
            "按计划,剩下的三公里将在霜冻以前完成。",
        ],
    },
    Written {
        title: "东街菜市场重新开业:过道更宽 灯更亮 秤更准",
        section: Town,
        before: [5, 16, 31, 50],
        source: Some("芦汀晚报"),
        picture: Some("重新开业的东街菜市场"),
        paragraphs: &[
            "早上五点半,东街菜市场的卷帘门升起来的时候,门口已经排了二十几个人。改造了三个月,这个开了四十年的市场{d}重新迎客。",
            "过道从一米二加宽到两米,地面换成防滑砖,水产区单独设了排水沟。一百零六个摊位全部用上了联网的电子秤,顾客扫一扫小票上的号码就能查到摊位和价格。",
            "卖藕的罗大姐在这里摆了十九年摊。她说最满意的是头顶的灯,“以前冬天早上看不清藕上有没有泥,顾客老要拿到门口去照。”",
            "市场二楼留出了一块地方给附近村民卖自家种的菜,每天上午免收摊位费,只需要登记姓名。",
        ],
    },
    Written {
        title: "中学生自己搭的气象站 连续记录满三百天",
        section: Town,
        before: [7, 8, 40, 21],
        source: None,
        picture: None,
        paragraphs: &[
            "芦汀中学教学楼顶上有一座半人高的小气象站,是科技小组的七名学生去年冬天搭起来的。到{d},它已经不间断地记下了三百天的气温、湿度、气压和雨量。",
            "做雨量筒的是一截旧水管,百叶箱是木工课的作业。最费劲的是风杯:前两个被大风吹走了,第三个用上了自行车的轴承,到现在还在转。",
            "带队的沈老师说,学生把数据和县气象台的记录作了比较,气温平均只差零点四度。“差的那一点也有道理,楼顶的水泥白天吸热。他们为这事写了一篇小论文。”",
            "从下个月起,每天早晨的观测结果会贴在校门口的黑板上,供上学的同学和路过的街坊看。",
        ],
    },
    Written {
        title: "首批十二台公共直饮水机投入使用",
        section: Town,
        before: [9, 10, 12, 5],
        source: None,
        picture: None,
        paragraphs: &[
            "车站、码头、图书馆和两个公园{d}装上了直饮水机,一共十二台,凉水温水都有,免费取用。",
            "水务站每周更换一次滤芯,机身上的屏幕会显示当天的检测结果。如果屏幕变红,机器会自动停水,维修人员两小时内到场。",
            "工作人员提醒,机器的出水口只用来接水,请不要在那里洗手、洗水果。大一点的水壶也放得下,高度是二十八厘米。",
        ],
    },
    Written {
        title: "老染坊里的蓝印花布 七十岁师傅带出九名徒弟",
        section: Town,
        before: [12, 14, 7, 33],
        source: Some("水乡文化周刊"),
        picture: Some("染坊院子里晾着的蓝印花布"),
        paragraphs: &[
            "推开石板巷尽头的木门,院子里挂满了刚出缸的蓝布。七十岁的邱师傅用竹竿把一匹布挑到最高的架子上,退后两步,眯着眼看颜色匀不匀。",
            "他十六岁进染坊,学的是刻版、刮浆、下缸、晾晒四道活。最忙的时候,镇上有五家染坊;后来化纤布便宜,一家一家关了门,只剩这一家。",
            "八年前,文化站帮他办了个班,头一期只来了两个人。现在他带过的徒弟有九名,最小的一个今年刚满二十岁,自己在网上开了店,卖围裙和书套。",
            "“颜色要一遍一遍地加,急不得。”邱师傅说,一块好布要下缸六到八次,每次都得等前一次氧透。{d}那天我们离开的时候,第七缸刚刚揭开盖子。",
            "染坊每月第一个星期日对外开放,可以自己动手染一块手帕,材料费十五元。",
        ],
    },
    Written {
        title: "3路公交延伸到芦苇湿地 首班车提前二十分钟",
        section: Town,
        before: [15, 9, 55, 8],
        source: None,
        picture: None,
        paragraphs: &[
            "公交3路{d}起由水闸站向南延伸到芦苇湿地北门,新增苗圃、鹭鸣桥、湿地北门三站,全程票价仍为两元。",
            "首班车由六点二十分提前到六点整,末班车不变,仍是晚上九点。早晚高峰每十二分钟一班,平时二十分钟一班。",
            "公交公司说,周末去湿地的人多,星期六和星期日上午会在鹭鸣桥加开区间车。带自行车的乘客请乘坐车尾有挂架的班次,时刻表上标有圆圈的就是。",
        ],
    },
    Written {
        title: "苇编合作社今年已发出两万只篮子 最远卖到海外",
        section: Town,
        before: [19, 11, 26, 40],
        source: None,
        picture: None,
        paragraphs: &[
            "四十多名社员,一年两万只篮子。芦汀苇编合作社{d}在年中总结会上公布了这个数字,其中三分之一销往海外。",
            "合作社的仓库里,篮子按大小套成一摞一摞。最受欢迎的是一种带盖的野餐篮,要用三种粗细不同的芦苇,一个熟手一天能编四只。",
            "理事长说,去年冬天他们请设计学院的学生来住了两个星期,带回去七个新样子,其中三个已经量产。编织仍然全用手工,只有劈苇和蒸煮用了机器。",
            "社里打算明年春天把旧粮站改成工作坊,游客可以来看,也可以来学。",
        ],
    },
    Written {
        title: "卫生院开设夜间儿科门诊 不用预约",
        section: Town,
        before: [24, 15, 3, 12],
        source: Some("芦汀晚报"),
        picture: None,
        paragraphs: &[
            "镇卫生院的夜间儿科门诊{d}开诊,时间是每天下午五点半到晚上十点,不用预约,随到随看。",
            "以前孩子晚上发烧,家长要开车四十分钟去县医院。卫生院今年新来了两位儿科医生,又和县医院签了协议,遇到疑难病例可以当场视频会诊。",
            "药房和化验室同步延长到晚上十点。院方提醒,高热抽搐、呼吸困难等急症请直接拨打急救电话,不要等门诊。",
        ],
    },
    Written {
        title: "四百多只白鹭到芦苇湿地越冬 观鸟请走木栈道",
        section: Town,
        before: [30, 12, 44, 56],
        source: None,
        picture: Some("清晨在浅水里觅食的白鹭"),
        paragraphs: &[
            "湿地管理站{d}清点到四百一十三只白鹭,比上一次多了近六十只。站长说,浅水区今年放低了十厘米水位,小鱼小虾多,鸟也就愿意留下来。",
            "除了白鹭,监测员还记录到苍鹭、黑水鸡和一对很少见的鸳鸯。它们多在清晨六点到八点之间活动,傍晚回到南岸的杨树林。",
            "为了不惊动鸟群,管理站关闭了北岸的土路,观鸟的人请走木栈道,不要用闪光灯,也不要放飞无人机。栈道中段有两架免费的望远镜。",
            "周末上午九点和下午三点,志愿讲解员会在北门集合,带着大家走一圈,大约五十分钟。",
        ],
    },
    Written {
        title: "冬季取暖缴费窗口增加到六个",
        section: Life,
        before: [1, 9, 30, 0],
        source: None,
        picture: None,
        paragraphs: &[
            "政务服务中心{d}把取暖费的缴费窗口由两个增加到六个,中午不休息,一直办到月底。",
            "七十岁以上的老人可以打电话请社区工作人员上门办理,也可以由家人拿着上一年的票据代办。",
        ],
    },
    Written {
        title: "二十一个小区电动车充电棚通过消防检查",
        section: Life,
        before: [4, 10, 15, 36],
        source: None,
        picture: None,
        paragraphs: &[
            "消防站{d}公布了电动车充电棚的检查结果:全镇二十一个小区的充电棚全部合格,其中三处经整改后复查通过。",
            "检查的重点是线路、喷淋和与居民楼的距离。消防站提醒,不要把电池带回家里充电,更不要从楼上拉线。",
        ],
    },
    Written {
        title: "中学科技节今年设二十六个展台",
        section: School,
        before: [6, 11, 20, 18],
        source: None,
        picture: None,
        paragraphs: &[
            "芦汀中学科技节{d}开幕,二十六个展台摆满了体育馆,从会下棋的机械手到用芦苇做的滤水器,都出自学生之手。",
            "展览持续三天,最后一天下午对家长和附近居民开放,由观众投票选出“最想带回家”的一件作品。",
        ],
    },
    Written {
        title: "乡土课本《我们的青苇河》走进小学课堂",
        section: School,
        before: [10, 13, 50, 27],
        source: None,
        picture: None,
        paragraphs: &[
            "小学四年级的学生{d}拿到了一本薄薄的新书《我们的青苇河》,讲的是家门口这条河的水、鱼、桥和渡船。",
            "编书的是本镇六位教师,前后写了两年。书里没有习题,每一课后面只有一个“去看看”,请孩子们到河边找一样东西。",
        ],
    },
];

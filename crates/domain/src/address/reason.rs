//! Why an address is not simply right, by name: a closed list, told in Chinese and in English.
//!
//! Names only regions and what was written in a region's place; never a receiver.

use super::Verdict;

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is written.
    Empty,
    /// Not text in UTF-8.
    NotUtf8,
    /// Longer than an address can be.
    TooLong {
        /// The most bytes that are read.
        limit: usize,
    },
    /// No province, city or district is named.
    NoRegion,
    /// Only the province is named.
    CityMissing {
        /// Which.
        province: &'static str,
    },
    /// The city has districts and none is named.
    DistrictMissing {
        /// Which.
        city: &'static str,
    },
    /// Several regions have the name.
    Ambiguous {
        /// The district's name.
        name: &'static str,
        /// The cities that have it.
        places: Vec<&'static str>,
    },
    /// Two regions side by side share the short name: 伊宁 is 伊宁市 or 伊宁县.
    Either {
        /// Their full names.
        names: Vec<&'static str>,
    },
    /// One bare word that may be a county's name.
    Unsure {
        /// Province, city and district it may mean, in one.
        region: String,
    },
    /// Written like a region, and there is none of that name.
    NoSuchRegion {
        /// As written.
        name: String,
        /// In what it was looked for; empty for the whole country.
        within: &'static str,
    },
    /// The district was divided, so its name no longer says where.
    Divided {
        /// The former name.
        name: &'static str,
        /// The districts that cover it now.
        now: Vec<&'static str>,
    },
    /// Nothing but regions and towns.
    NoStreet,
    /// A road and no number.
    NoHouseNumber,
    /// Only beside, opposite or near something.
    LandmarkOnly,
    /// The district is not in the city or province named.
    DistrictElsewhere {
        /// The district.
        name: &'static str,
        /// The cities that have it.
        lies_in: Vec<&'static str>,
        /// The region named before it.
        not_in: &'static str,
    },
    /// The city is not in the province named.
    CityElsewhere {
        /// The city.
        name: &'static str,
        /// Its province.
        lies_in: &'static str,
        /// The province named.
        not_in: &'static str,
    },
    /// Two regions that exclude each other, side by side.
    TwoRegions {
        /// The one named first.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// A second address stands in the text.
    TwoAddresses {
        /// Where the first leads.
        first: &'static str,
        /// Where the second leads.
        second: &'static str,
    },
}

impl Reason {
    /// The word for programs.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotUtf8 => "not_utf8",
            Self::TooLong { .. } => "too_long",
            Self::NoRegion => "no_region",
            Self::CityMissing { .. } => "city_missing",
            Self::DistrictMissing { .. } => "district_missing",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Either { .. } => "either",
            Self::Unsure { .. } => "unsure",
            Self::NoSuchRegion { .. } => "no_such_region",
            Self::Divided { .. } => "divided",
            Self::NoStreet => "no_street",
            Self::NoHouseNumber => "no_house_number",
            Self::LandmarkOnly => "landmark_only",
            Self::DistrictElsewhere { .. } => "district_elsewhere",
            Self::CityElsewhere { .. } => "city_elsewhere",
            Self::TwoRegions { .. } => "two_regions",
            Self::TwoAddresses { .. } => "two_addresses",
        }
    }

    /// Whether the address contradicts itself or says too little.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::DistrictElsewhere { .. }
            | Self::CityElsewhere { .. }
            | Self::TwoRegions { .. }
            | Self::TwoAddresses { .. } => Verdict::Conflict,
            _ => Verdict::Vague,
        }
    }

    /// For the office, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有写地址".to_owned(),
            Self::NotUtf8 => "不是 UTF-8 文本".to_owned(),
            Self::TooLong { limit } => format!("超过 {limit} 字节"),
            Self::NoRegion => "没有省、市、区".to_owned(),
            Self::CityMissing { province } => format!("只写了{province}，没有城市"),
            Self::DistrictMissing { city } => format!("{city}下没有写区县"),
            Self::Ambiguous { name, places } => format!("{name}不止一个：{}", places.join("、")),
            Self::Either { names } => format!("不清楚是{}", names.join("还是")),
            Self::Unsure { region } => format!("只有简称，可能是{region}"),
            Self::NoSuchRegion { name, within: "" } => format!("没有{name}这个地方"),
            Self::NoSuchRegion { name, within } => format!("{within}没有{name}"),
            Self::Divided { name, now } => format!("{name}已撤销，现属{}", now.join("或")),
            Self::NoStreet => "没有街道、小区或村".to_owned(),
            Self::NoHouseNumber => "没有门牌号".to_owned(),
            Self::LandmarkOnly => "只有参照物，没有门牌号".to_owned(),
            Self::DistrictElsewhere { name, lies_in, not_in } => {
                format!("{name}在{}，不在{not_in}", lies_in.join("、"))
            }
            Self::CityElsewhere { name, lies_in, not_in } => format!("{name}在{lies_in}，不在{not_in}"),
            Self::TwoRegions { first, second } => format!("{first}与{second}矛盾"),
            Self::TwoAddresses { first, second } => format!("有两个地址：{first}和{second}"),
        }
    }

    /// For the office, in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::Empty => "no address is written".to_owned(),
            Self::NotUtf8 => "not text in UTF-8".to_owned(),
            Self::TooLong { limit } => format!("longer than {limit} bytes"),
            Self::NoRegion => "no province, city or district is named".to_owned(),
            Self::CityMissing { province } => format!("only {province} is named, no city"),
            Self::DistrictMissing { city } => format!("no district of {city} is named"),
            Self::Ambiguous { name, places } => format!("{name} exists in {}", places.join(", ")),
            Self::Either { names } => format!("may be {}", names.join(" or ")),
            Self::Unsure { region } => format!("a bare name that may mean {region}"),
            Self::NoSuchRegion { name, within: "" } => format!("there is no {name}"),
            Self::NoSuchRegion { name, within } => format!("there is no {name} in {within}"),
            Self::Divided { name, now } => format!("{name} was dissolved, now {}", now.join(" or ")),
            Self::NoStreet => "no street, compound or village".to_owned(),
            Self::NoHouseNumber => "no house number".to_owned(),
            Self::LandmarkOnly => "only a landmark, no house number".to_owned(),
            Self::DistrictElsewhere { name, lies_in, not_in } => {
                format!("{name} lies in {}, not in {not_in}", lies_in.join(", "))
            }
            Self::CityElsewhere { name, lies_in, not_in } => {
                format!("{name} lies in {lies_in}, not in {not_in}")
            }
            Self::TwoRegions { first, second } => format!("{first} contradicts {second}"),
            Self::TwoAddresses { first, second } => format!("two addresses: {first} and {second}"),
        }
    }
}

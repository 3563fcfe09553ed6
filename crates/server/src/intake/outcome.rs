//! What becomes of an order that comes in: a closed list, each refusal with a code and words for people.

use std::collections::BTreeSet;

use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};

use crate::incoming::IncomingState;

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Promised, and its warehouse is told.
    Accepted {
        /// Where it is packed.
        warehouse: WarehouseId,
        /// Who carries it.
        carrier: CarrierId,
    },
    /// Known already; nothing changed.
    Duplicate {
        /// It says something else than the first time.
        changed: bool,
    },
    /// Promised, but it cannot be packed before its receiver can be read.
    WaitsForPlatform,
    /// Promised until it is paid or its hold lapses.
    Unpaid,
    /// Promised, and a person decides.
    Review,
    /// Not taken at all.
    Refused(Reason),
}

impl Outcome {
    /// Whether nothing of it may stay.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

/// What a campaign may limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Orders to one province.
    Province,
    /// Orders of one buyer.
    Buyer,
    /// Orders to one address.
    Address,
}

impl Limit {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Buyer => "buyer",
            Self::Address => "address",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Province => "该省",
            Self::Buyer => "该买家",
            Self::Address => "该地址",
        }
    }
}

/// Why an order is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An order of another channel has this number.
    NumberTaken {
        /// That channel.
        channel: String,
    },
    /// Not paid, or shipped or closed already.
    NotToShip {
        /// Where it stands at its channel.
        state: IncomingState,
    },
    /// No lines, or bundles of nothing.
    NothingToShip,
    /// Merchant codes that are neither a SKU nor a bundle.
    UnknownGoods {
        /// All of them.
        codes: BTreeSet<String>,
    },
    /// The campaign does not sell these.
    NotOffered {
        /// All of them.
        codes: BTreeSet<String>,
    },
    /// The order names a campaign that sells nothing now.
    NoCampaign {
        /// Its id.
        campaign: String,
    },
    /// As many orders as the campaign allows are there already.
    OverQuota {
        /// Of what.
        of: Limit,
        /// How many that are.
        limit: i64,
    },
    /// No warehouse is set up, or none takes orders.
    NoWarehouse,
    /// No warehouse can promise the whole order.
    Short {
        /// What is missing at the warehouse that comes nearest.
        skus: BTreeSet<SkuId>,
    },
    /// The warehouses that have it are full for today.
    NoCapacity,
    /// No carrier goes to the province.
    NoCarrier {
        /// The province.
        province: String,
    },
    /// All numbers leased from the carrier are used.
    NoWaybillNumber {
        /// The carrier.
        carrier: CarrierId,
    },
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(" ")
}

impl Reason {
    /// The closed list's word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NumberTaken { .. } => "number_taken",
            Self::NotToShip { .. } => "not_to_ship",
            Self::NothingToShip => "nothing_to_ship",
            Self::UnknownGoods { .. } => "unknown_goods",
            Self::NotOffered { .. } => "not_offered",
            Self::NoCampaign { .. } => "no_campaign",
            Self::OverQuota { .. } => "over_quota",
            Self::NoWarehouse => "no_warehouse",
            Self::Short { .. } => "short",
            Self::NoCapacity => "no_capacity",
            Self::NoCarrier { .. } => "no_carrier",
            Self::NoWaybillNumber { .. } => "no_waybill_number",
        }
    }

    /// Whether it may pass by itself: stock, room or numbers come.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Short { .. } | Self::NoCapacity | Self::NoWarehouse | Self::NoWaybillNumber { .. }
        )
    }

    /// What is wrong and what to do now, in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::NumberTaken { channel } => format!("渠道 {channel} 已有同号订单，请核对来源"),
            Self::NotToShip { state } => format!("订单在平台上是“{}”，不需要发货", state_zh(*state)),
            Self::NothingToShip => "订单里没有要发的商品".to_owned(),
            Self::UnknownGoods { codes } => {
                format!("没有编码为 {} 的商品或组合装，请先建档", list(codes.iter().map(String::as_str)))
            }
            Self::NotOffered { codes } => {
                format!("本场不卖 {}，请核对活动商品", list(codes.iter().map(String::as_str)))
            }
            Self::NoCampaign { campaign } => format!("场次 {campaign} 不在售卖中，请核对场次或去掉场次号"),
            Self::OverQuota { of, limit } => format!("{}已达本场上限 {limit} 单", of.zh()),
            Self::NoWarehouse => "没有接单的仓库，请先导入公司资料，或重新开仓".to_owned(),
            Self::Short { skus } => {
                format!("库存不足：{}，整单未接；请补货后重新导入", list(skus.iter().map(SkuId::as_str)))
            }
            Self::NoCapacity => "有货的仓今日产能都已满，请明日再导入，或调高产能".to_owned(),
            Self::NoCarrier { province } => format!("没有快递可到 {province}，请在公司资料里补上"),
            Self::NoWaybillNumber { carrier } => format!("{carrier} 的运单号已用完，请领取新号段并导入"),
        }
    }

    /// What is wrong and what to do now, in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::NumberTaken { channel } => {
                format!("channel {channel} has an order of this number: check its source")
            }
            Self::NotToShip { state } => {
                format!("at its channel the order is {state:?}: there is nothing to ship")
            }
            Self::NothingToShip => "there is nothing to ship in it".to_owned(),
            Self::UnknownGoods { codes } => {
                format!(
                    "no SKU or bundle has the code {}: create it first",
                    list(codes.iter().map(String::as_str))
                )
            }
            Self::NotOffered { codes } => format!(
                "the campaign does not sell {}: check its offers",
                list(codes.iter().map(String::as_str))
            ),
            Self::NoCampaign { campaign } => {
                format!("campaign {campaign} sells nothing now: check its id, or leave it out")
            }
            Self::OverQuota { of, limit } => {
                format!("the campaign's limit of {limit} orders a {} is reached", of.as_str())
            }
            Self::NoWarehouse => "no warehouse takes orders: import the catalogue first, or open one again".to_owned(),
            Self::Short { skus } => format!(
                "not enough stock of {}: the whole order is refused; import it again when there is",
                list(skus.iter().map(SkuId::as_str))
            ),
            Self::NoCapacity => {
                "the warehouses that have it are full for today: import it again tomorrow, or raise their daily orders"
                    .to_owned()
            }
            Self::NoCarrier { province } => {
                format!("no carrier goes to {province}: add one to the company's files")
            }
            Self::NoWaybillNumber { carrier } => {
                format!("all waybill numbers of {carrier} are used: lease more and import them")
            }
        }
    }
}

fn state_zh(state: IncomingState) -> &'static str {
    match state {
        IncomingState::Unpaid => "待支付",
        IncomingState::Paid => "待发货",
        IncomingState::Shipped => "已发货",
        IncomingState::Done => "已完成",
        IncomingState::Closed => "已关闭",
    }
}

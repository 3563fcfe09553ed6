// Why the server did not do or take something, by its code, in English: what is wrong, and what to do now.

import type { refusedZh } from "./refusedZh";

export const refusedEn: typeof refusedZh = {
  // Of any request.
  failed: "The server could not do this now: try again later; if it stays so, have the log looked at.",
  unauthorized: "You are signed out: sign in again to go on.",
  foreign_page: "This was not sent from a page of this server: open the page here and try again.",
  bad_user: "A name has 1 to 40 characters: sign out, and in again with another.",
  bad_json: "The server does not understand this page: load it again; if it stays so, have the versions looked at.",
  too_slow: "The request took too long and was cut off: try again.",
  unreadable_body: "The request did not arrive whole, or is too large: try again.",
  unfit: "Something does not fit: unfold to see what, put it right, try again.",
  not_found: "The server has no such thing: somebody may have removed it; load the page again.",
  // Of campaigns.
  exists: "There is a campaign of this id: choose another id, or change that one.",
  wrong_state: "The campaign has come to where this cannot be done: look at its state first.",
  not_enough_stock: "Not enough is free, so nothing was set aside: see the table, plan less, or bring stock in.",
  stock_in_use: "Orders hold some of what is to be taken away: take no more than is available.",
  // Of reviews.
  review_ended: "Its review has ended: nothing is to be decided.",
  never_in_review: "It was never in review: nothing is to be decided.",
  cannot_go: "It cannot go to its warehouse now: open the order and see why.",
  // Of orders that are not taken.
  number_taken: "Another channel has an order of this number: check its source.",
  not_to_ship: "At its channel there is nothing to ship: check its state there.",
  nothing_to_ship: "There is nothing to ship in it: check its lines.",
  unknown_goods: "No SKU or bundle has this code: create it first.",
  not_offered: "The campaign does not sell this: check its offers.",
  no_campaign: "The campaign sells nothing now: check its id, or leave it out.",
  over_quota: "A limit of the campaign is reached: raise it if more are to be sold.",
  no_warehouse: "No warehouse takes orders: import the catalogue, or open one again.",
  short: "Not enough stock, so the whole order is refused: bring stock in.",
  no_capacity: "Warehouses that have it are full today: try tomorrow, or raise their daily orders.",
  no_carrier: "No carrier goes to the province: add one to the company's files.",
  no_waybill_number: "All waybill numbers are used: lease more and import them.",
  cancelled: "The order was cancelled: it cannot be paid.",
  too_many_orders: "Too many orders at once: send them in parts.",
  unknown_state: "There is no such state of orders: choose another filter.",
  // Of order files.
  bad_mapping: "This mapping cannot be used: save it anew on the mapping page.",
  upload_cut: "The file did not arrive whole, or is over 64 MiB: choose it again.",
  no_file: "No file is chosen: choose one.",
  file_too_large: "The file is over 64 MiB: export it in parts.",
  file_empty: "The file is empty, it has no headings: export it again.",
  file_utf16: 'The text is UTF-16: save it as "CSV UTF-8" or XLSX.',
  file_undecodable: 'The text\'s encoding is not known: save it as "CSV UTF-8".',
  file_zero_byte: "This is not a text file: export CSV or XLSX.",
  file_web_page: "The file is a web page: open it in a spreadsheet and save it as XLSX.",
  workbook_damaged: "The workbook is damaged: export it again.",
  workbook_locked: "The workbook has a password: take it off.",
  workbook_too_large: "The workbook unpacks to too much: export it in parts.",
  workbook_several_sheets: "Several sheets have content: keep one.",
  too_many_rows: "More than 1,000,000 rows: export it in parts.",
  too_many_columns: "More than 512 columns: export only those needed.",
  formula_heading: "A heading is a formula: replace it by text.",
  columns: "Headings are missing or there twice: unfold to see which, mend them, or name them on the mapping page.",
};

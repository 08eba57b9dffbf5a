#include "lixp/report_html.h"

#include <algorithm>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --muted: #59636e; --line: #d9dee4; --soft: #f5f7f9; --accent: #0a5c9e; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16191d; --ink: #e6e9ed; --muted: #a0a9b4; --line: #343b44; --soft: #1e2328; --accent: #7cc0f5; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 17px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 976px; margin: 0 auto; padding: 40px 28px 80px; }
h1 { font-size: 2.1em; line-height: 1.15; letter-spacing: -0.015em; margin: 0 0 12px; text-wrap: balance; }
h2 { font-size: 1.4em; line-height: 1.25; letter-spacing: -0.01em; margin: 64px 0 12px; padding-top: 20px; border-top: 1px solid var(--line); }
h3 { font-size: 1.08em; margin: 36px 0 8px; }
p, ul { max-width: 70ch; margin: 0 0 14px; }
.lead { font-size: 1.12em; color: var(--muted); }
nav { margin: 20px 0 0; display: flex; flex-wrap: wrap; gap: 6px 18px; font-size: 0.94em; }
a { color: var(--accent); text-underline-offset: 3px; }
.scroll { overflow-x: auto; margin: 18px 0 26px; }
table { border-collapse: collapse; font-size: 0.9em; line-height: 1.4; font-variant-numeric: tabular-nums lining-nums; }
.caption { color: var(--muted); font-size: 0.9em; line-height: 1.45; margin: 20px 0 0; }
.caption + .scroll { margin-top: 6px; }
th, td { padding: 7px 18px 7px 0; text-align: right; white-space: nowrap; vertical-align: top; }
th:last-child, td:last-child { padding-right: 4px; }
th:first-child { text-align: left; min-width: 8em; }
td.words, th.words { text-align: left; white-space: normal; min-width: 11em; }
thead th { white-space: normal; border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
figure { margin: 26px 0 34px; }
figure img { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: 10px; color: var(--muted); font-size: 0.93em; max-width: 74ch; }
ul.verdicts { list-style: none; padding: 0; }
ul.verdicts li { padding: 10px 0 10px 14px; border-left: 3px solid var(--line); margin-bottom: 10px; }
details { margin: 10px 0 22px; }
summary { cursor: pointer; color: var(--accent); }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 14px 16px; overflow-x: auto; font: 13.5px/1.6 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  body { font-size: 16px; }
  main { padding: 24px 20px 56px; }
  h1 { font-size: 1.65em; }
  h2 { margin-top: 48px; }
  th, td { padding-right: 12px; }
  th:first-child { min-width: 5em; white-space: normal; }
  td.words, th.words { min-width: 6.5em; }
}
@media print { .scroll, pre { overflow: visible; } }
)";

/// Length of the UTF-8 sequence that begins there, 0 where there is none.
std::size_t sequence(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  return length != 0 && at + length <= text.size() && isUtf8(text.substr(at, length)) ? length : 0;
}

bool isWords(const std::string& cell) {
  const auto letters = static_cast<std::size_t>(
      std::ranges::count_if(cell, [](char c) { return (c >= 'a' && c <= 'z') || static_cast<signed char>(c) < 0; }));
  return letters > cell.size() / 2 && cell.size() > 8;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence(text, at);
    const char c = text[at];
    if (length == 0) {
      html += "\uFFFD";
    } else if (length > 1) {
      html += text.substr(at, length);
    } else if (c == '&') {
      html += "&amp;";
    } else if (c == '<') {
      html += "&lt;";
    } else if (c == '>') {
      html += "&gt;";
    } else if (c == '"') {
      html += "&quot;";
    } else if (c == '\'') {
      html += "&#39;";
    } else if ((c >= ' ' && c != 0x7F) || c == '\n' || c == '\t') {
      html += c;
    }
    at += std::max<std::size_t>(length, 1);
  }
  return html;
}

std::string HtmlTable::html() const {
  std::vector<bool> words(head.size(), false);
  for (std::size_t column = 1; column < head.size(); ++column) {
    words[column] =
        std::ranges::any_of(rows, [&](const auto& row) { return column < row.size() && isWords(row[column]); });
  }
  const auto style = [&](std::size_t column) {
    return column < words.size() && words[column] ? " class=\"words\"" : "";
  };
  // The caption stands outside what scrolls, where a narrow window shows all of it.
  std::string text = caption.empty() ? "" : cat("<p class=\"caption\">", escaped(caption), "</p>\n");
  text += cat("<div class=\"scroll\" tabindex=\"0\"><table",
              caption.empty() ? "" : cat(" aria-label=\"", escaped(caption), "\""), ">\n");
  text += "<thead><tr>";
  for (std::size_t column = 0; column < head.size(); ++column) {
    text += cat("<th scope=\"col\"", style(column), ">", escaped(head[column]), "</th>");
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    text += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += column == 0 ? cat("<th scope=\"row\">", escaped(row[0]), "</th>")
                          : cat("<td", style(column), ">", escaped(row[column]), "</td>");
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string HtmlFigure::html() const {
  const std::string file = escaped(stem);
  return cat("<figure><picture>\n", "<source media=\"(max-width: 640px) and (prefers-color-scheme: dark)\" srcset=\"",
             file, "-narrow-dark.svg\">\n", "<source media=\"(max-width: 640px)\" srcset=\"", file,
             "-narrow-light.svg\">\n", "<source media=\"(prefers-color-scheme: dark)\" srcset=\"", file,
             "-wide-dark.svg\">\n", "<img src=\"", file, "-wide-light.svg\" alt=\"", escaped(alt), "\">\n</picture>\n",
             caption.empty() ? "" : cat("<figcaption>", escaped(caption), "</figcaption>\n"), "</figure>\n");
}

std::string htmlPage(const std::string& title, const std::string& body) {
  return cat("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", escaped(title),
             "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<main>\n", body, "</main>\n</body>\n</html>\n");
}

}  // namespace lix::app

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/file.h"
#include "base/text.h"
#include "figures/save.h"
#include "lixp/demo_plan.h"
#include "lixp/drawing.h"
#include "lixp/figure_options.h"
#include "lixp/report_html.h"
#include "lixp/workspace_access.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kWide = 920.0, kNarrow = 480.0;  // logical pixels
constexpr std::size_t kMostLines = 200;           // of a table on the page; the CSV has all

struct ReportOrder {
  FigureChoice choice;
  fs::path out;
};

/// The four drawings that HtmlFigure names, and a PDF.
Result<void> saveDrawings(const figures::Figure& figure, const fs::path& stem) {
  for (const auto& [theme, name] : {std::pair(figures::Theme::Light, "light"), {figures::Theme::Dark, "dark"}}) {
    LIX_CHECK(figures::save(figure, cat(stem.string(), "-wide-", name, ".svg"), theme, kWide));
    LIX_CHECK(figures::save(figure, cat(stem.string(), "-narrow-", name, ".svg"), theme, kNarrow));
  }
  LIX_CHECK(figures::save(figure, cat(stem.string(), ".png"), figures::Theme::Light));
  return figures::save(figure, cat(stem.string(), ".pdf"), figures::Theme::Light);
}

Result<std::vector<std::string>> saveTables(const MadeFigure& made, const fs::path& stem) {
  std::vector<std::pair<std::string, std::string>> files{{".csv", csv(made.numbers)}};
  if (made.table) {
    files.emplace_back(".md", markdown(*made.table));
    files.emplace_back(".tex", latex(*made.table));
  }
  std::vector<std::string> names;
  for (const auto& [extension, text] : files) {
    LIX_CHECK(writeFile(stem.string() + extension, text));
    names.push_back(stem.filename().string() + extension);
  }
  for (const char* extension : {".png", ".pdf"}) {
    names.push_back(stem.filename().string() + extension);
  }
  return names;
}

/// The commands that measure a line's numbers again.
std::string againOf(const std::vector<TableCell>& row) {
  std::vector<long long> keys;
  for (const TableCell& cell : row) {
    keys.insert(keys.end(), cell.keys.begin(), cell.keys.end());
  }
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  std::vector<std::string> commands;
  for (const long long key : keys) {
    commands.push_back(cat("lixp reproduce ", key));
  }
  return join(commands, "; ");
}

/// Five digits of a number are enough to read; the CSV has all.
std::string shown(const TableCell& cell) {
  if (!cell.value || cell.text != TableCell::number(*cell.value).text || *cell.value == std::floor(*cell.value)) {
    return cell.text;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", *cell.value);
  return std::isfinite(*cell.value) ? text : cell.text;
}

std::string numbersHtml(const ResultTable& numbers) {
  HtmlTable table{.caption = "", .head = numbers.head, .rows = {}};
  table.head.push_back("Measured again by");
  for (const auto& row : numbers.rows) {
    if (table.rows.size() == kMostLines) {
      break;
    }
    auto& cells = table.rows.emplace_back();
    for (const TableCell& cell : row) {
      cells.push_back(shown(cell));
    }
    cells.push_back(againOf(row));
  }
  const std::string rest = numbers.rows.size() > kMostLines ? cat("<p>The first ", kMostLines, " of ",
                                                                  numbers.rows.size(), " lines; the CSV has all.</p>\n")
                                                            : "";
  return cat("<details><summary>Numbers</summary>\n", table.html(), rest, "</details>\n");
}

std::string section(const FigureKind& kind, const MadeFigure& made, const std::vector<std::string>& files,
                    const std::string& command) {
  std::vector<std::string> links;
  for (const std::string& file : files) {
    links.push_back(cat("<a href=\"", escaped(file), "\">", escaped(file), "</a>"));
  }
  const HtmlFigure figure{.stem = std::string(kind.id), .alt = std::string(kind.title), .caption = ""};
  return cat("<h2 id=\"", kind.id, "\">", escaped(kind.title), "</h2>\n", figure.html(), "<pre>", escaped(command),
             "</pre>\n<p>", join(links, " · "), "</p>\n", numbersHtml(made.numbers));
}

std::string pageOf(const std::string& folder, const std::string& sections, const std::string& links,
                   const std::string& missing) {
  return htmlPage("Report",
                  cat("<h1>Report</h1>\n<p class=\"lead\">Every figure and table that the rows of ", escaped(folder),
                      " make. Behind each number stand the keys of its rows.</p>\n<nav>", links, "</nav>\n", sections,
                      missing.empty() ? "" : cat("<h2>Not drawn</h2>\n<ul>\n", missing, "</ul>\n")));
}

/// What a report is made of as it grows.
struct Drawn {
  json made = json::array(), missing = json::array();
  std::string sections, links, left;
};

Result<void> add(Drawn& drawn, const FigureKind& kind, const MadeFigure& one, const ReportOrder& order,
                 const std::string& workspace) {
  const fs::path stem = order.out / kind.id;
  LIX_CHECK(saveDrawings(*one.figure, stem));
  LIX_TRY(const auto files, saveTables(one, stem));
  std::vector<std::string> arguments{"curves",      "--figure", std::string(kind.id), "--out", cat(kind.id, ".svg"),
                                     "--workspace", workspace};
  const auto chosen = argumentsOf(order.choice);
  arguments.insert(arguments.end(), chosen.begin(), chosen.end());
  const std::string command = commandLine(arguments);
  drawn.sections += section(kind, one, files, command);
  drawn.links += cat("<a href=\"#", kind.id, "\">", escaped(kind.title), "</a>");
  drawn.made.push_back(
      {{"figure", kind.id}, {"files", files}, {"command", command}, {"numbers", one.numbers.rows.size()}});
  return {};
}

Result<void> addAll(Drawn& drawn, const Session& session, const ReportOrder& order, const FigureRows& rows,
                    const std::string& workspace) {
  const Progress progress = session.progress();
  const auto all = static_cast<long long>(figureKinds().size());
  long long done = 0;
  for (const FigureKind& kind : figureKinds()) {
    if (!lix::report(progress, "figures", done++, all)) {
      return fail(ErrorCode::Cancelled, cat("The report was cancelled; '", order.out.string(), "' has a part of it."));
    }
    const auto one = makeFigure(kind, rows, order.choice);
    if (one) {
      LIX_CHECK(add(drawn, kind, *one, order, workspace));
    } else if (one.error().code == ErrorCode::NotFound) {
      drawn.missing.push_back({{"figure", kind.id}, {"reason", one.error().message}});
      drawn.left += cat("<li>", escaped(kind.title), ": ", escaped(one.error().message), "</li>\n");
    } else {
      return std::unexpected(one.error());
    }
  }
  lix::report(progress, "figures", all, all);
  return {};
}

Result<Output> draw(const Session& session, const ReportOrder& order, const FigureRows& rows,
                    const std::string& workspace) {
  Drawn drawn;
  LIX_CHECK(addAll(drawn, session, order, rows, workspace));
  if (drawn.made.empty()) {
    return fail(ErrorCode::NotFound,
                "This workspace has no results to report within what was chosen; make some with 'lixp eval zero-shot "
                "CHECKPOINT --data NAME' or another verb of lixp eval.");
  }
  const fs::path page = order.out / "index.html";
  LIX_CHECK(writeFile(page, pageOf(workspace, drawn.sections, drawn.links, drawn.left)));
  const std::size_t all = drawn.made.size() + drawn.missing.size();
  return Output{{{"page", page.string()}, {"figures", drawn.made}, {"missing", drawn.missing}},
                cat("Wrote ", drawn.made.size(), " of ", all, " figures to ", page.string(), "\n")};
}

Result<Output> report(const Session& session, const ReportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  if (!order.choice.reference.empty()) {
    LIX_CHECK(paperValues(order.choice.reference));  // a wrong name is no missing measurement
  }
  LIX_TRY(const FigureRows rows, readFigureRows(workspace, {.run = order.choice.run}));
  std::error_code problem;
  fs::create_directories(order.out, problem);
  if (problem) {
    return fail(ErrorCode::Io, cat("The folder '", order.out.string(), "' cannot be made: ", problem.message(),
                                   "; name another with --out."));
  }
  return withDrawing([&] { return draw(session, order, rows, workspace.folder().string()); });
}

}  // namespace

void addReportVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<ReportOrder>();
  CLI::App* verb = app.add_subcommand("report", "A page with every figure and table that the workspace's results make");
  verb->add_option("--out", order->out, "Folder: index.html with drawings, CSV, Markdown and LaTeX beside it")
      ->required();
  addFigureOptions(*verb, order->choice);
  verb->callback([&session, order] { session.action = [&session, order] { return report(session, *order); }; });
}

}  // namespace lix::app

#include <algorithm>

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

std::string numbersHtml(const ResultTable& numbers) {
  HtmlTable table{.caption = "", .head = numbers.head, .rows = {}};
  table.head.push_back("Measured again by");
  for (const auto& row : numbers.rows) {
    if (table.rows.size() == kMostLines) {
      break;
    }
    auto& cells = table.rows.emplace_back();
    for (const TableCell& cell : row) {
      cells.push_back(cell.text);
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
                      missing.empty() ? "" : cat("<h2>Not measured yet</h2>\n<ul>\n", missing, "</ul>\n")));
}

Result<Output> draw(const ReportOrder& order, const FigureRows& rows, const std::string& workspace) {
  json made = json::array(), missing = json::array();
  std::string sections, links, left;
  for (const FigureKind& kind : figureKinds()) {
    const auto one = makeFigure(kind, rows, order.choice);
    if (!one) {
      missing.push_back({{"figure", kind.id}, {"reason", one.error().message}});
      left += cat("<li>", escaped(kind.title), ": <code>", escaped(kind.command), "</code></li>\n");
      continue;
    }
    const fs::path stem = order.out / kind.id;
    LIX_CHECK(saveDrawings(*one->figure, stem));
    LIX_TRY(const auto files, saveTables(*one, stem));
    std::vector<std::string> arguments{"curves",      "--figure", std::string(kind.id), "--out", cat(kind.id, ".svg"),
                                       "--workspace", workspace};
    const auto chosen = argumentsOf(order.choice);
    arguments.insert(arguments.end(), chosen.begin(), chosen.end());
    const std::string command = commandLine(arguments);
    sections += section(kind, *one, files, command);
    links += cat("<a href=\"#", kind.id, "\">", escaped(kind.title), "</a>");
    made.push_back(
        {{"figure", kind.id}, {"files", files}, {"command", command}, {"numbers", one->numbers.rows.size()}});
  }
  if (made.empty()) {
    return fail(ErrorCode::NotFound,
                "This workspace has no results to report within what was chosen; make some with 'lixp eval zero-shot "
                "CHECKPOINT --data NAME' or another verb of lixp eval.");
  }
  const fs::path page = order.out / "index.html";
  LIX_CHECK(writeFile(page, pageOf(workspace, sections, links, left)));
  return Output{{{"page", page.string()}, {"figures", made}, {"missing", missing}},
                cat("Wrote ", made.size(), " of ", made.size() + missing.size(), " figures to ", page.string(), "\n")};
}

Result<Output> report(const Session& session, const ReportOrder& order) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const FigureRows rows, readFigureRows(workspace));
  std::error_code problem;
  fs::create_directories(order.out, problem);
  if (problem) {
    return fail(ErrorCode::Io, cat("The folder '", order.out.string(), "' cannot be made: ", problem.message(),
                                   "; name another with --out."));
  }
  return withDrawing([&] { return draw(order, rows, workspace.folder().string()); });
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

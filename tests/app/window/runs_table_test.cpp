// The table of runs at size, its columns, and runs side by side.
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "pages/runs/run_differences.h"
#include "pages/runs/run_order.h"
#include "pages/runs/run_reading.h"
#include "store/metric_store.h"
#include "runs_page_support.h"

namespace lix::app {
namespace {
using namespace testing_support;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RunItemPtr item(long long id, const std::string& name, const std::string& settings = "{}") {
  auto made = std::make_shared<RunItem>();
  made->row.id = id;
  made->row.name = name;
  made->row.recipe = "siglip";
  made->row.settings = settings;
  made->row.createdAt = cat("2026-01-01T00:00:", id < 10 ? "0" : "", id, ".000Z");
  return made;
}

std::string names(const std::vector<RunItemPtr>& items) {
  std::string text;
  for (const RunItemPtr& one : items) {
    text += one->row.name;
  }
  return text;
}

TEST(RunOrder, FiltersAndSortsNumbersAsNumbersAndNothingLast) {
  const std::vector<RunItemPtr> all{item(4, "d", R"({"batch":128})"), item(3, "C", R"({"batch":64})"),
                                    item(2, "b", R"({"batch":"many"})"), item(1, "a")};
  RunOrder order;
  EXPECT_EQ(names(arranged(all, order)), "dCba") << "newest first";
  order.by = RunColumn{.of = RunColumn::Of::Setting, .field = RunColumn::Name, .key = "batch"};
  order.order = Qt::AscendingOrder;
  EXPECT_EQ(names(arranged(all, order)), "Cdba");
  order.order = Qt::DescendingOrder;
  EXPECT_EQ(names(arranged(all, order)).back(), 'a') << "what has no such setting is last either way";
  order.by = {};
  order.order = Qt::AscendingOrder;
  EXPECT_EQ(names(arranged(all, order)), "abCd") << "whatever the case";
  order.words = "SIGLIP c";
  EXPECT_EQ(names(arranged(all, order)), "C");
}

TEST(RunOrder, ArchivedOnesAreAside) {
  auto aside = std::make_shared<RunItem>(*item(1, "a"));
  aside->isArchived = true;
  const std::vector<RunItemPtr> all{item(2, "b"), aside};
  EXPECT_EQ(names(arranged(all, {.archived = RunOrder::Archived::Hidden})), "b");
  EXPECT_EQ(names(arranged(all, {.archived = RunOrder::Archived::Alone})), "a");
  EXPECT_EQ(names(arranged(all, {.archived = RunOrder::Archived::Shown})), "ba");
}

TEST(RunReading, MergesWhatChanged) {
  std::vector<RunItemPtr> items{item(3, "c"), item(2, "b"), item(1, "a")};
  RunsRead read;
  read.items = {item(5, "e"), item(2, "B")};
  read.trashed = {3};
  EXPECT_TRUE(merge(items, read));
  EXPECT_EQ(names(items), "eBa");
  EXPECT_FALSE(merge(items, read)) << "the same again is no change";
}

TEST(RunTable, KeepsItsRowsApartFromWhatDiffers) {
  RunTableModel model;
  const auto a = item(1, "a"), b = item(2, "b"), c = item(3, "c"), d = item(4, "d");
  model.setRows({a, b, c});
  const QPersistentModelIndex kept = model.index(1, 0);
  QSignalSpy reset(&model, &QAbstractItemModel::modelReset), changed(&model, &QAbstractItemModel::dataChanged);
  model.setRows({d, c, b});  // one gone, one new, another order
  EXPECT_EQ(reset.count(), 0);
  EXPECT_EQ(model.rowCount(), 3);
  EXPECT_EQ(model.at(0).row.name, "d");
  EXPECT_EQ(kept.row(), 2);
  EXPECT_EQ(kept.data(RunTableModel::kIdRole).toLongLong(), 2);
  EXPECT_EQ(model.rowOf(1), -1);
  EXPECT_EQ(model.rowOf(3), 1);
  changed.clear();
  const auto renamed = item(3, "C");
  model.setRows({d, renamed, b});
  ASSERT_EQ(changed.count(), 1);
  EXPECT_EQ(changed[0][0].toModelIndex().row(), 1);
  EXPECT_EQ(changed[0][1].toModelIndex().row(), 1);
  std::vector<RunItemPtr> many;
  for (long long i = 1; i <= 2000; ++i) {
    many.push_back(item(i, "x"));
  }
  model.setRows(many);
  EXPECT_EQ(reset.count(), 0);
  std::vector<RunItemPtr> odd;
  for (std::size_t i = 0; i < many.size(); i += 2) {
    odd.push_back(many[i]);
  }
  model.setRows(odd);
  EXPECT_EQ(reset.count(), 1) << "a thousand pieces are not taken out one by one";
  EXPECT_EQ(model.rowCount(), 1000);
}

TEST(RunTable, SaysWhatIsNotANumberAndWhatIsNotThere) {
  auto broken = std::make_shared<RunItem>(*item(1, "a"));
  broken->ends.emplace_back("loss", store::SeriesEnd{.points = 5, .gaps = 2, .lastStep = 9, .lastValue = kNan});
  const RunColumn loss{.of = RunColumn::Of::Row, .field = RunColumn::Loss, .key = {}};
  EXPECT_EQ(textOf(*broken, loss), "not a number");
  EXPECT_TRUE(tipOf(*broken, loss).contains("2 of them not a number"));
  EXPECT_FALSE(sortKeyOf(*broken, loss).isValid());
  EXPECT_EQ(textOf(*item(2, "b"), loss), "–");
  EXPECT_TRUE(tipOf(*item(2, "b"), loss).contains("measured nothing"));
  EXPECT_EQ(RunColumn::from("series:canary.x").key, "canary.x");
  EXPECT_EQ(RunColumn::from("series:").of, RunColumn::Of::Row);
  EXPECT_EQ(RunColumn::from("rubbish").of, RunColumn::Of::Row);
  EXPECT_EQ(settingText(*item(1, "a", R"({"list":[1,2]})"), "list"), "[1,2]");
  EXPECT_EQ(settingText(*item(1, "a", "no JSON"), "list"), "");
}

std::vector<ComparedRun> twoRuns() {
  ComparedRun a, b;
  a.row = item(1, "a", R"({"batch":64,"augment":"crop","same":1})")->row;
  b.row = item(2, "b", R"({"batch":96,"augment":"none","same":1,"extra":true})")->row;
  a.ends["loss"] = {.points = 3, .gaps = 0, .lastStep = 3, .lastValue = 1.5};
  b.ends["loss"] = {.points = 3, .gaps = 1, .lastStep = 3, .lastValue = kNan};
  a.ends["rate"] = b.ends["rate"] = {.points = 1, .gaps = 0, .lastStep = 1, .lastValue = 0.1};
  return {a, b};
}

TEST(RunDifferences, LinesSayWhatDiffersAndByHowMuch) {
  const auto runs = twoRuns();
  const auto lines = comparedLines(runs);
  const auto line = [&](const QString& name) {
    return *std::ranges::find(lines, name, &ComparedLine::name);
  };
  EXPECT_TRUE(line("Batch").differs);
  EXPECT_EQ(deltaText(line("Batch").numbers[1], line("Batch").numbers[0]), "+32");
  EXPECT_EQ(deltaText(64, 96), "−32");
  EXPECT_EQ(deltaText(64, 64), "");
  EXPECT_EQ(deltaText(kNan, 64), "");
  EXPECT_FALSE(line("Same").differs);
  EXPECT_TRUE(line("Extra").differs);
  EXPECT_EQ(line("Extra").cells, (std::vector<QString>{"", "on"}));
  EXPECT_EQ(line("Loss").cells, (std::vector<QString>{"1.500", "not a number"}));
  EXPECT_TRUE(line("Loss").differs);
  EXPECT_FALSE(line("Rate").differs);
  EXPECT_TRUE(comparedLines({}).empty());
  const QString csv = comparisonCsv(runs, lines, true);
  EXPECT_TRUE(csv.startsWith("part,name,a,b\n")) << csv.toStdString();
  EXPECT_TRUE(csv.contains("setting,Batch,64,96\n"));
  EXPECT_FALSE(csv.contains("setting,Same"));
  EXPECT_TRUE(comparisonCsv(runs, lines, false).contains("setting,Same,1,1\n"));
}

TEST(RunDifferences, CsvIsTextAndNeverAFormula) {
  EXPECT_EQ(csvField("a,b"), "\"a,b\"");
  EXPECT_EQ(csvField("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csvField("=1+1"), "'=1+1");
  EXPECT_EQ(csvField("-1.5"), "-1.5");
  EXPECT_EQ(csvField("−1.5"), "-1.5") << "a true minus is for people";
}

class RunsTable : public OpenedRuns {
 protected:
  long long add(const std::string& name, const std::string& settings, double loss) {
    const auto workspace = desk_.workspace();
    const auto row = store::RunStore(workspace).add({.name = name, .recipe = "siglixp", .dataset = "scenes", .settings = settings});
    EXPECT_TRUE(row);
    EXPECT_TRUE(store::RunStore(workspace).setStatus(row->id, store::RunStatus::Done));
    const std::vector<store::MetricPoint> points{{1, "loss", 3.0}, {2, "loss", loss}, {2, "canary.zero_shot", 0.25}};
    EXPECT_TRUE(store::MetricStore(workspace).append(row->id, points));
    return row->id;
  }
  QTableWidget& compared() const { return *find<QTableWidget>("runs.comparison.table"); }
  QString head(int column) const {
    return table().model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
  }
  void key(int key, Qt::KeyboardModifiers modifiers) const { QTest::keyClick(&table(), Qt::Key(key), modifiers); }
  QAction* inMenu(const QMenu& menu, const QString& text) const {
    for (QAction* action : menu.actions()) {
      if (action->menu() != nullptr) {
        if (QAction* found = inMenu(*action->menu(), text)) {
          return found;
        }
      } else if (action->text() == text) {
        return action;
      }
    }
    return nullptr;
  }
  /// The row of the comparison whose name ends so.
  int lineOf(const QString& name) const {
    for (int i = 0; i < compared().rowCount(); ++i) {
      if (compared().verticalHeaderItem(i)->text().endsWith(name)) {
        return i;
      }
    }
    return -1;
  }
};

TEST_F(RunsTable, ColumnsAreChosenAndRemembered) {
  add("a", R"({"batch":64})", 1.0);
  add("b", R"({"batch":256})", 2.0);
  open();
  key(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
  QMenu* menu = nullptr;
  ASSERT_TRUE(waitFor([&] { return (menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) != nullptr; }));
  ASSERT_NE(inMenu(*menu, "Batch"), nullptr);
  ASSERT_NE(inMenu(*menu, "Canary: zero shot"), nullptr);
  EXPECT_FALSE(inMenu(*menu, "Name")->isEnabled());
  inMenu(*menu, "Batch")->setChecked(true);
  inMenu(*menu, "Canary: zero shot")->setChecked(true);
  inMenu(*menu, "Recipe")->setChecked(false);
  menu->close();
  EXPECT_EQ(head(RunTableModel::kColumns), "Batch");
  EXPECT_TRUE(table().isColumnHidden(RunTableModel::Recipe));
  EXPECT_TRUE(waitFor([this] { return table().model()->index(0, RunTableModel::kColumns + 1).data() == "0.250"; }));
  table().sortByColumn(RunTableModel::kColumns, Qt::DescendingOrder);
  EXPECT_EQ(table().model()->index(0, RunTableModel::kColumns).data().toString(), "256");

  const QJsonObject state = page_->state();
  open();
  EXPECT_EQ(table().model()->columnCount(), int(RunTableModel::kColumns));
  page_->restore(state);
  EXPECT_EQ(head(RunTableModel::kColumns + 1), "Canary: zero shot");
  EXPECT_TRUE(table().isColumnHidden(RunTableModel::Recipe));
  EXPECT_FALSE(table().isColumnHidden(RunTableModel::Name));
  EXPECT_TRUE(waitFor([this] { return table().model()->index(0, RunTableModel::kColumns + 1).data() == "0.250"; }));
  page_->restore({{"columns", QJsonArray{"setting:", 7, "series:loss", "series:loss"}}});
  EXPECT_EQ(table().model()->columnCount(), int(RunTableModel::kColumns) + 1) << "rubbish and repeats are left out";
}

TEST_F(RunsTable, TheChosenRunsAreComparedWithTheLeftmost) {
  add("a", R"({"batch":64,"same":1})", 1.0);
  add("b", R"({"batch":96,"same":1})", kNan);
  open();
  key(Qt::Key_D, Qt::ControlModifier);
  EXPECT_TRUE(find<QLabel>("runs.comparison.words")->text().contains("two or more"));
  table().selectAll();
  ASSERT_TRUE(waitFor([this] { return compared().columnCount() == 2; }));
  EXPECT_EQ(compared().horizontalHeaderItem(0)->text(), "b (reference)");
  EXPECT_EQ(lineOf("Same"), -1);
  ASSERT_GE(lineOf("Batch"), 0);
  EXPECT_EQ(compared().item(lineOf("Batch"), 1)->text(), "64  (−32)");
  EXPECT_EQ(compared().item(lineOf("Loss"), 0)->text(), "not a number");
  key(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_GE(lineOf("Same"), 0);
  compared().setCurrentCell(0, 1);
  QTest::mouseClick(find<QPushButton>("runs.comparison.reference"), Qt::LeftButton);
  EXPECT_EQ(compared().horizontalHeaderItem(0)->text(), "a (reference)");
  EXPECT_EQ(compared().item(lineOf("Batch"), 1)->text(), "96  (+32)");
  compared().horizontalHeader()->moveSection(1, 0);  // as dragging does
  EXPECT_TRUE(waitFor([this] { return compared().horizontalHeaderItem(0)->text() == "b (reference)"; }));
  QTest::mouseClick(find<QPushButton>("runs.comparison.copy"), Qt::LeftButton);
  EXPECT_TRUE(QApplication::clipboard()->text().contains("setting,Batch,96,64"));
  grabPage(*page_, "runs-comparison");
  QTest::keyClick(&compared(), Qt::Key_Escape);
  EXPECT_FALSE(find<QWidget>("runs.comparison")->isVisible());
}

TEST_F(RunsTable, ArchivedRunsAreKeptOutOfTheWay) {
  add("kept", "{}", 1.0);
  const long long aside = add("aside", "{}", 2.0);
  open();
  table().selectRow(0);
  ASSERT_EQ(table().currentIndex().data(RunTableModel::kIdRole).toLongLong(), aside);
  key(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(waitFor([this] { return table().model()->rowCount() == 1; }));
  EXPECT_TRUE(store::RunStore(desk_.workspace()).find(aside).has_value());
  EXPECT_EQ(find<QPushButton>("runs.viewArchive")->text(), "Archive (1)");
  QTest::mouseClick(find<QPushButton>("runs.viewArchive"), Qt::LeftButton);
  ASSERT_EQ(table().model()->rowCount(), 1);
  EXPECT_EQ(table().model()->index(0, 0).data().toString(), "aside");
  key(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(waitFor([this] { return table().model()->rowCount() == 0; }));
  key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(waitFor([this] { return table().model()->rowCount() == 2; }));
}

TEST_F(RunsTable, ChosenRunsAreCopiedAsCsvAndSeriesAreSummed) {
  add("a", "{}", 1.0);
  add("b, \"good\"", "{}", kNan);
  open();
  table().selectAll();
  key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
  const QString csv = QApplication::clipboard()->text();
  EXPECT_TRUE(csv.startsWith("Name,Status,")) << csv.toStdString();
  EXPECT_EQ(csv.count('\n'), 3);
  EXPECT_TRUE(csv.contains("\"b, \"\"good\"\"\",Done"));
  table().selectRow(0);
  EXPECT_TRUE(waitFor([this] { return find<QLabel>("runs.series")->text().contains("loss (1 of 2 points)"); }))
      << find<QLabel>("runs.series")->text().toStdString();
}

TEST_F(RunsTable, ManyRunsAreFilteredAndSortedOffTheWindowsThread) {
  {
    const auto workspace = desk_.workspace();
    const auto transaction = store::Transaction::begin(workspace);
    for (int i = 0; i < 2500; ++i) {
      ASSERT_TRUE(store::RunStore(workspace).add({.name = cat("run ", i), .recipe = i % 2 == 0 ? "clip" : "siglip"}));
    }
    ASSERT_TRUE(const_cast<store::Transaction&>(*transaction).commit());
  }
  open();
  ASSERT_TRUE(waitFor([this] { return table().model()->rowCount() == 2500; }));
  find<QLineEdit>("runs.filter")->setText("siglip");
  EXPECT_TRUE(waitFor([this] { return table().model()->rowCount() == 1250; }));
  table().sortByColumn(RunTableModel::Name, Qt::AscendingOrder);
  EXPECT_TRUE(waitFor([this] { return table().model()->index(0, 0).data() == "run 1"; }));
  find<QLineEdit>("runs.filter")->clear();
  EXPECT_TRUE(waitFor([this] { return table().model()->rowCount() == 2500; }));
}

}  // namespace
}  // namespace lix::app

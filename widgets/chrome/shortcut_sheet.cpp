#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "chrome/action_table.h"
#include "chrome/command_palette.h"

namespace lix::widgets {
namespace {

constexpr int kTwoColumns = 640;  // width from which the menus stand in two columns

struct Group {
  QString title;
  std::vector<const ActionRow*> rows;
};

}  // namespace

class ShortcutSheet::Parts : public QObject {
 public:
  using QObject::QObject;

  const ActionTable* actions = nullptr;
  QLineEdit* field = nullptr;
  QScrollArea* area = nullptr;
  int columns = 0;

  std::vector<Group> groups() const {
    std::vector<Group> groups;
    const QString typed = field->text().trimmed();
    for (const ActionRow& row : actions->rows()) {
      const QString title = row.menu.isEmpty() ? ShortcutSheet::tr("Other") : plainText(row.menu.section(u'/', -1));
      const QString all = title + u' ' + plainText(row.text) + u' ' + row.help + u' ' +
                          row.key.toString(QKeySequence::NativeText);
      if (!all.contains(typed, Qt::CaseInsensitive)) {
        continue;
      }
      auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return group.title == title; });
      if (found == groups.end()) {
        found = groups.insert(groups.end(), {title, {}});
      }
      found->rows.push_back(&row);
    }
    return groups;
  }

  QWidget* groupWidget(const Group& group) const {
    auto* widget = new QWidget;
    auto* grid = new QGridLayout(widget);
    grid->setContentsMargins(0, 0, 0, 12);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(5);
    auto* title = new QLabel(group.title);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    grid->addWidget(title, 0, 0, 1, 2);
    for (const ActionRow* row : group.rows) {
      const int line = grid->rowCount();
      auto* name = new QLabel(plainText(row->text));
      name->setToolTip(row->help);
      const QString key = row->key.toString(QKeySequence::NativeText);
      auto* keyLabel = new QLabel(key.isEmpty() ? QStringLiteral("\u2013") : key);
      keyLabel->setAlignment(Qt::AlignRight | Qt::AlignTop);
      keyLabel->setForegroundRole(key.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
      keyLabel->setAccessibleName(key.isEmpty() ? ShortcutSheet::tr("no key") : key);
      grid->addWidget(name, line, 0);
      grid->addWidget(keyLabel, line, 1);
    }
    grid->setColumnStretch(0, 1);
    return widget;
  }

  void build() {
    auto* page = new QWidget;
    auto* across = new QHBoxLayout(page);
    across->setSpacing(36);
    const auto found = groups();
    std::size_t total = 0;
    for (const Group& group : found) {
      total += group.rows.size() + 2;
    }
    std::size_t used = 0;
    std::size_t next = 0;
    for (int column = 0; column < columns; ++column) {
      auto* down = new QVBoxLayout;
      const std::size_t until = total * std::size_t(column + 1) / std::size_t(columns);
      // A menu goes where its middle falls, so that the columns are about equally long.
      for (; next < found.size() && used + (found[next].rows.size() + 2) / 2 <= until; ++next) {
        used += found[next].rows.size() + 2;
        down->addWidget(groupWidget(found[next]));
      }
      down->addStretch(1);
      across->addLayout(down, 1);
    }
    if (found.empty()) {
      auto* none = new QLabel(ShortcutSheet::tr("No action has these letters."));
      across->insertWidget(0, none, 1, Qt::AlignTop | Qt::AlignHCenter);
    }
    area->setWidget(page);  // deletes the one before
  }
};

ShortcutSheet::ShortcutSheet(const ActionTable& actions, QWidget* window) : QDialog(window), parts_(new Parts(this)) {
  parts_->actions = &actions;
  setWindowTitle(tr("Keyboard shortcuts"));
  auto* column = new QVBoxLayout(this);
  parts_->field = new QLineEdit(this);
  parts_->field->setPlaceholderText(tr("Search actions and keys"));
  parts_->field->setAccessibleName(tr("Search actions and keys"));
  parts_->field->setToolTip(tr("Shows the actions whose name, help or key holds this text"));
  parts_->field->setClearButtonEnabled(true);
  parts_->area = new QScrollArea(this);
  parts_->area->setWidgetResizable(true);
  parts_->area->setFrameShape(QFrame::NoFrame);
  parts_->area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  parts_->area->setAccessibleName(tr("Actions and their keys"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  buttons->button(QDialogButtonBox::Close)->setToolTip(tr("Closes this sheet (Esc)"));
  buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
  column->addWidget(parts_->field);
  column->addWidget(parts_->area, 1);
  column->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(parts_->field, &QLineEdit::textChanged, this, [this] { parts_->build(); });
  resize(760, 560);
  parts_->columns = 2;
  parts_->build();
}

void ShortcutSheet::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  const int columns = width() >= kTwoColumns ? 2 : 1;
  if (columns != parts_->columns) {
    parts_->columns = columns;
    parts_->build();
  }
}

}  // namespace lix::widgets

#include "chrome/command_palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QPointer>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "chrome/action_table.h"
#include "chrome/fuzzy.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kWidth = 560;
constexpr int kMostShown = 10;
constexpr int kIdRole = Qt::UserRole + 1;  // of the row
constexpr int kFoundRole = Qt::UserRole + 2;  // QList<int> of matched letters
constexpr int kKeyRole = Qt::UserRole + 3;

/// One line: icon, "Menu: Action" with the matched letters standing out, key at the right.
class RowDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
    return {kWidth / 2, option.fontMetrics.height() + 14};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Colours& tone = colours(themeOf(option.palette));
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = chosen ? tone.onAccent : option.palette.color(QPalette::Text);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(option.font);
    if (chosen) {
      painter->setPen(Qt::NoPen);
      painter->setBrush(tone.accent);
      painter->drawRoundedRect(QRectF(option.rect).adjusted(2, 1, -2, -1), 4, 4);
    }
    const QRect line = option.rect.adjusted(10, 0, -12, 0);
    const QIcon picture = index.data(Qt::DecorationRole).value<QIcon>();
    picture.paint(painter, QRect(line.left(), line.center().y() - 8, 16, 16), Qt::AlignCenter,
                  chosen ? QIcon::Selected : QIcon::Normal);
    const QString key = index.data(kKeyRole).toString();
    const int keyWidth = option.fontMetrics.horizontalAdvance(key);
    painter->setPen(chosen ? tone.onAccent : tone.muted);
    painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, key);
    drawLabel(*painter, line.adjusted(26, 0, -keyWidth - 12, 0), option, index, ink, chosen ? ink : tone.accent);
    painter->restore();
  }

 private:
  static void drawLabel(QPainter& painter, const QRect& rect, const QStyleOptionViewItem& option,
                        const QModelIndex& index, const QColor& ink, const QColor& found) {
    const QString text =
        option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, std::max(rect.width(), 20));
    QList<QTextLayout::FormatRange> formats;
    for (const int at : index.data(kFoundRole).value<QList<int>>()) {
      QTextCharFormat format;
      format.setForeground(found);
      format.setFontWeight(QFont::Bold);
      format.setFontUnderline(true);  // not by colour alone
      if (at < text.size()) {
        formats.append({at, 1, format});
      }
    }
    QTextLayout layout(text, option.font);
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    line.setLineWidth(1e6);
    layout.endLayout();
    painter.setPen(ink);
    painter.setClipRect(rect);
    layout.draw(&painter, QPointF(rect.left(), rect.center().y() + 0.5 - line.height() / 2));
  }
};

QString labelOf(const ActionRow& row) {
  const QString menu = plainText(row.menu.section(u'/', -1));
  return menu.isEmpty() ? plainText(row.text) : QStringLiteral("%1: %2").arg(menu, plainText(row.text));
}

}  // namespace

class CommandPalette::Parts : public QObject {
 public:
  using QObject::QObject;

  QLineEdit* field = nullptr;
  QListView* view = nullptr;
  QStandardItemModel* model = nullptr;
  QLabel* help = nullptr;
};

CommandPalette::CommandPalette(ActionTable& actions, QWidget* window)
    : QDialog(window, Qt::Popup | Qt::FramelessWindowHint), actions_(actions), parts_(new Parts(this)) {
  setWindowTitle(tr("Command palette"));
  setAccessibleName(windowTitle());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(6);
  parts_->field = new QLineEdit(this);
  parts_->field->setPlaceholderText(tr("Type a command"));
  parts_->field->setAccessibleName(tr("Command"));
  parts_->field->setToolTip(tr("Some letters of a command; Up and Down choose, Return runs, Esc closes"));
  parts_->field->setClearButtonEnabled(true);
  parts_->field->installEventFilter(this);
  parts_->model = new QStandardItemModel(this);
  parts_->view = new QListView(this);
  parts_->view->setModel(parts_->model);
  parts_->view->setItemDelegate(new RowDelegate(parts_->view));
  parts_->view->setAccessibleName(tr("Commands found"));
  parts_->view->setToolTip(tr("A click runs the command"));
  parts_->view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  parts_->view->setFocusPolicy(Qt::NoFocus);  // keys stay in the field
  parts_->view->setFrameShape(QFrame::NoFrame);
  parts_->view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  parts_->help = new QLabel(this);
  parts_->help->setWordWrap(true);
  parts_->help->setMargin(4);
  column->addWidget(parts_->field);
  column->addWidget(parts_->view);
  column->addWidget(parts_->help);
  connect(parts_->field, &QLineEdit::textChanged, this, &CommandPalette::list);
  connect(parts_->view, &QListView::clicked, this, &CommandPalette::runChosen);
  connect(parts_->view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
    parts_->help->setText(now.isValid() ? now.data(Qt::ToolTipRole).toString() : tr("No command has these letters."));
  });
}

void CommandPalette::list(const QString& typed) {
  struct Found {
    std::size_t row;
    FuzzyMatch match;
    QString label;
    bool elsewhere;
  };
  std::vector<Found> found;
  for (std::size_t i = 0; i < actions_.rows().size(); ++i) {
    const ActionRow& row = actions_.rows()[i];
    const QAction* action = actions_.action(row.id);
    const bool elsewhere = !row.scope.isEmpty() && row.scope != actions_.scope();  // running it goes there first
    // Two pages may have panels of one name.
    const QString label = elsewhere ? tr("%1 (page %2)").arg(labelOf(row), row.scope) : labelOf(row);
    const auto match = fuzzyMatch(typed, label);
    if (action != nullptr && (action->isEnabled() || elsewhere) && match) {
      found.push_back({i, *match, label, elsewhere});
    }
  }
  std::stable_sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
    if (a.match.score != b.match.score) {
      return a.match.score > b.match.score;
    }
    if (a.elsewhere != b.elsewhere) {
      return b.elsewhere;
    }
    return !typed.isEmpty() && a.label.size() < b.label.size();
  });
  parts_->model->clear();
  for (const Found& one : found) {
    const ActionRow& row = actions_.rows()[one.row];
    auto* item = new QStandardItem(actions_.action(row.id)->icon(), one.label);
    const QString key = row.key.toString(QKeySequence::NativeText);
    item->setData(row.id, kIdRole);
    item->setData(QVariant::fromValue(QList<int>(one.match.at.begin(), one.match.at.end())), kFoundRole);
    item->setData(key, kKeyRole);
    item->setData(row.help, Qt::ToolTipRole);
    item->setData(key.isEmpty() ? one.label : tr("%1, key %2").arg(one.label, key), Qt::AccessibleTextRole);
    parts_->model->appendRow(item);
  }
  parts_->view->setCurrentIndex(parts_->model->index(0, 0));
  if (found.empty()) {
    parts_->help->setText(tr("No command has these letters."));
  }
}

void CommandPalette::showEvent(QShowEvent* event) {
  QDialog::showEvent(event);
  parts_->field->clear();
  list({});
  const QFontMetrics metrics(font());
  parts_->view->setFixedHeight(kMostShown * (metrics.height() + 14) + 4);
  const QWidget* window = parentWidget() != nullptr ? parentWidget()->window() : this;
  setFixedWidth(std::min(kWidth, std::max(window->width() - 32, 240)));
  adjustSize();
  if (window != this) {
    const QPoint top = window->mapToGlobal(QPoint((window->width() - width()) / 2, std::min(window->height() / 10, 72)));
    move(top);
  }
  parts_->field->setFocus(Qt::PopupFocusReason);
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event) {
  if (object != parts_->field || event->type() != QEvent::KeyPress) {
    return QDialog::eventFilter(object, event);
  }
  const int rows = parts_->model->rowCount();
  const int row = parts_->view->currentIndex().row();
  const auto choose = [&](int to) { parts_->view->setCurrentIndex(parts_->model->index(to, 0)); };
  switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Down:
      choose(rows > 0 ? (row + 1) % rows : 0);
      return true;
    case Qt::Key_Up:
      choose(rows > 0 ? (row + rows - 1) % rows : 0);
      return true;
    case Qt::Key_PageDown:
      choose(std::min(row + kMostShown, rows - 1));
      return true;
    case Qt::Key_PageUp:
      choose(std::max(row - kMostShown, 0));
      return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      runChosen();
      return true;
    default:
      return false;
  }
}

void CommandPalette::runChosen() {
  const QModelIndex index = parts_->view->currentIndex();
  if (!index.isValid()) {
    return;
  }
  // After closing, so that an action finds the focus where it was before the palette.
  const QString id = index.data(kIdRole).toString();
  const auto row = std::ranges::find(actions_.rows(), id, &ActionRow::id);
  const QPointer<QAction> action = actions_.action(id);
  const QString scope = row == actions_.rows().end() ? QString() : row->scope;
  accept();
  QTimer::singleShot(0, &actions_, [&actions = actions_, action, scope] {
    if (!scope.isEmpty() && scope != actions.scope()) {
      Q_EMIT actions.scopeAsked(scope);
    }
    if (action != nullptr) {
      action->trigger();
    }
  });
}

}  // namespace lix::widgets

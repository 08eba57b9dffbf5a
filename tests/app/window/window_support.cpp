#include "window_support.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QDir>
#include <QDragEnterEvent>
#include <QDragMoveEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>
#include <QWidget>

#include "desk/checkpoint_shelf.h"
#include "shared/models_folder.h"
#include "store/checkpoint_store.h"
#include "study/reader/reader.h"
#include "theme/theme.h"

namespace lix::app::testing_support {

TestDesk::TestDesk(Checkpoints checkpoints, store::OpenMode mode) {
  auto workspace = store::Workspace::open(folder(), store::OpenMode::Create);
  EXPECT_TRUE(workspace) << (workspace ? "" : workspace.error().message);
  const auto models = modelsFolder();
  EXPECT_TRUE(models);
  if (checkpoints == Checkpoints::Shipped && models) {
    for (const ShippedModel& shipped : kShippedModels) {
      const auto reader = study::Reader::open(*models / shipped.folder);
      EXPECT_TRUE(reader);
      EXPECT_TRUE(store::CheckpointStore(*workspace).record({.path = *models / shipped.folder, .weightsHash = (*reader)->facts().weightsHash, .recipe = (*reader)->facts().recipe}));
    }
  }
  open(mode);
}

TestDesk::~TestDesk() = default;

void TestDesk::open(store::OpenMode mode) {
  auto desk = Desk::open(folder(), mode);
  ASSERT_TRUE(desk) << desk.error().message;
  desk_ = std::move(*desk);
  QObject::connect(desk_.get(), &Desk::said, desk_.get(), [this](widgets::Severity, const QString& sentence, const QString& details) {
    said_ << (details.isEmpty() ? sentence : sentence + "\n" + details);
  });
  settle();
}

void TestDesk::reopen() {
  desk_.reset();
  open(store::OpenMode::ReadWrite);
}

std::filesystem::path TestDesk::model(const char* name) const { return *modelsFolder() / name; }

bool TestDesk::wasSaid(const QString& part) const {
  return std::ranges::any_of(said_, [&](const QString& one) { return one.contains(part); });
}

store::Workspace TestDesk::workspace() const {
  auto opened = store::Workspace::open(folder(), store::OpenMode::ReadWrite);
  EXPECT_TRUE(opened);
  return std::move(*opened);
}

void TestDesk::settle() {
  waitFor([this] { return desk_->storing().pending() == 0 && desk_->io().pending() == 0 && desk_->interactive().pending() == 0; });
  QCoreApplication::processEvents();
  QCoreApplication::processEvents();
}

bool waitFor(const std::function<bool()>& condition, int ms) { return QTest::qWaitFor(condition, ms); }

bool dropOn(QWidget* widget, const Payload& payload) { return dropOn(widget, toMime(payload)); }

bool dropOn(QWidget* widget, QMimeData* mime) {
  const std::unique_ptr<QMimeData> owned(mime);
  auto* area = qobject_cast<QAbstractScrollArea*>(widget);
  QWidget* target = area != nullptr ? area->viewport() : widget;
  const QPoint middle = target->rect().center();
  const Qt::DropActions actions = Qt::CopyAction | Qt::MoveAction;
  QDragEnterEvent enter(middle, actions, mime, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(target, &enter);
  if (!enter.isAccepted()) {
    return false;
  }
  QDragMoveEvent move(middle, actions, mime, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(target, &move);
  QDropEvent drop(middle, actions, mime, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(target, &drop);
  return drop.isAccepted();
}

void grabPage(QWidget& widget, const QString& name) {
  const QString folder = qEnvironmentVariable("LIX_SHOTS");
  if (folder.isEmpty()) {
    return;
  }
  QDir().mkpath(folder);
  for (const auto& [choice, theme] : {std::pair(widgets::ThemeChoice::Light, "light"), {widgets::ThemeChoice::Dark, "dark"}}) {
    widgets::applyTheme(*qApp, choice);
    for (const QSize size : {QSize(1024, 640), QSize(1440, 900)}) {
      widget.resize(size);
      widget.show();
      QTest::qWait(200);
      EXPECT_TRUE(widget.grab().save(QStringLiteral("%1/%2-%3-%4x%5.png").arg(folder, name, theme).arg(size.width()).arg(size.height())));
    }
  }
  widgets::applyTheme(*qApp, widgets::ThemeChoice::Light);
}

}  // namespace lix::app::testing_support

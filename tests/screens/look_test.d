tests/screens/look_test: tests/screens/look_test.c core/base/text.h \
 tests/screens/roads.h tests/screens/inside.h tests/screens/hall.h \
 tests/screens/term.h tui/terminal.h core/base/err.h tui/key.h \
 tui/app_private.h core/base/buf.h tui/app.h tui/app_options.h \
 core/domain/complaint.h tui/keys.h tui/canvas.h tui/widget_line.h
core/base/text.h:
tests/screens/roads.h:
tests/screens/inside.h:
tests/screens/hall.h:
tests/screens/term.h:
tui/terminal.h:
core/base/err.h:
tui/key.h:
tui/app_private.h:
core/base/buf.h:
tui/app.h:
tui/app_options.h:
core/domain/complaint.h:
tui/keys.h:
tui/canvas.h:
tui/widget_line.h:

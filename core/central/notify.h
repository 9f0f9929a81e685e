/* What the service manager (systemd, Type=notify) wants to hear: sd_notify(3)'s datagram. */
#ifndef YIMEN_CORE_CENTRAL_NOTIFY_H
#define YIMEN_CORE_CENTRAL_NOTIFY_H

/* The centre answers from now on. Nothing without a manager ($NOTIFY_SOCKET). */
void notify_ready(void);

#endif

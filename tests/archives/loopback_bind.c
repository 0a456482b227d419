/* Whatever binds to any address gets the loopback address instead: for servers that know no such setting. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*bind_like)(int, const struct sockaddr *, socklen_t);

int bind(int socket, const struct sockaddr *address, socklen_t length) {
  bind_like next = (bind_like)dlsym(RTLD_NEXT, "bind");
  if (address->sa_family == AF_INET) {
    struct sockaddr_in here;
    memcpy(&here, address, sizeof here);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return next(socket, (struct sockaddr *)&here, sizeof here);
  }
  if (address->sa_family == AF_INET6) {
    struct sockaddr_in6 here;
    memcpy(&here, address, sizeof here);
    here.sin6_addr = in6addr_loopback;
    return next(socket, (struct sockaddr *)&here, sizeof here);
  }
  return next(socket, address, length);
}

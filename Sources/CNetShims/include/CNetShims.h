#ifndef CNETSHIMS_H
#define CNETSHIMS_H
#endif

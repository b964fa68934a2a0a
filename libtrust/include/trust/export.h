/*
 * The two attributes every public declaration uses.
 *
 * TRUST_API marks a symbol that libtrust.so.0 exports; libtrust.sym lists the same names one by
 * one and a test holds the two lists together. TRUST_MUST_USE makes an ignored error a warning.
 */
#ifndef TRUST_EXPORT_H
#define TRUST_EXPORT_H

#define TRUST_API __attribute__((visibility("default")))
#define TRUST_MUST_USE __attribute__((warn_unused_result))

#endif

#!/bin/sh
# Written by "git changeling schedule install", which writes it again: run once a minute.
: variables
program={program}
[ -x "$program" ] || exit 0
umask 077
mkdir -p {log_folder} || exit
exec "$program" tick >>{log} 2>&1

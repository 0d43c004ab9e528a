// LeakSanitizer asks these of a program that is built with it, also of one that somebody starts by hand.

extern "C" {

// What others leak and we cannot free: libgit2 1.5 forgets the match data of pcre2 when a pattern does not
// match (git_config_set_multivar). Nothing of ours calls pcre2.
const char* __lsan_default_suppressions() {
  return "leak:libpcre2-8.so\n";
}

const char* __lsan_default_options() {
  return "print_suppressions=0";
}

}  // extern "C"

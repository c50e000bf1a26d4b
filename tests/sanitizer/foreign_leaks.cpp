/// \file
/// Linked into every program of a sanitizer build, so that the report shows leaks of titrant alone.

// Open MPI unloads its plug-ins before the leak report is written; addresses in them can then no longer be named, and
// no suppression can match them. So nothing is unloaded.
extern "C" int dlclose(void* /*handle*/) { return 0; }

// Memory that Open MPI and its run-time environment keep until the process ends (behind asprintf, which titrant never
// calls, the call chain is lost), and what HDF5 1.10 loses where it refuses a damaged file.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer looks for this name
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libmpi\n"
         "leak:libopen-pal\n"
         "leak:libopen-rte\n"
         "leak:libpmix\n"
         "leak:libevent\n"
         "leak:libhwloc\n"
         "leak:mca_\n"
         "leak:vasprintf\n"
         "leak:libhdf5\n";
}

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): the sanitizer looks for this name
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }

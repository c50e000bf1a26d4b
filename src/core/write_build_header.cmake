# Writes build.hpp with the revision of the source, at every build, but touches the file only where its text changes: a new
# commit compiles the few sources again that include it, and nothing else.
#   cmake -D SOURCE=<project> -D TEMPLATE=<file> -D OUTPUT=<file> -P write_build_header.cmake

set(TITRANT_COMMIT unknown)
if(EXISTS ${SOURCE}/.git) # not the repository of a folder around an unpacked archive
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env GIT_OPTIONAL_LOCKS=0 git -C ${SOURCE} describe --always --dirty --abbrev=40 --exclude=*
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0)
    set(TITRANT_COMMIT ${described})
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)

# Fails where two stores differ outside /provenance. An object that is in one of them only, or of another shape, is a difference
# too: h5diff speaks of it and still exits with 0, so it must also be silent.
#   cmake -D H5DIFF=<h5diff> -D ONE=<store> -D OTHER=<store> -P same_store.cmake
execute_process(COMMAND ${H5DIFF} --compare --exclude-path /provenance ${ONE} ${OTHER}
                OUTPUT_VARIABLE said ERROR_VARIABLE complained RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR said OR complained)
  message(FATAL_ERROR "${ONE} and ${OTHER} differ (h5diff: ${status}):\n${said}${complained}")
endif()

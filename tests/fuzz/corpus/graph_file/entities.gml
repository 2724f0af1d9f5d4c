2﻿  # indented
Creator "me"
Version 1
graph
[
 directed 1
 node [ id 0 label "Z&#252;rich &ouml; &#x41; &none; & &quot;" ]
 node [ id 123456789012345678901234567890 label 12345678901234567 ]
 edge [ source +00 target 123456789012345678901234567890 latency "5ms" ] ]
# A made-up coast: villages and a wind farm, with places, energies in kW and latencies.
graph [
  label "Coast"
  unit "kW"
  node [ id 1 label "Harbour" longitude 8.10 latitude 54.02 consumption 240 ]
  node [ id 2 label "Lighthouse" longitude 8.02 latitude 54.09 consumption 4.5 ]
  node [ id 3 label "Wind farm" longitude 7.90 latitude 54.15 production 900 ]
  node [ id 4 label "Dyke" longitude 8.21 latitude 53.98 consumption 60 ]
  node [ id 5 label "Church town" longitude 8.33 latitude 53.93 consumption 310 ]
  node [ id 6 label "Sluice" longitude 8.28 latitude 54.07 production 35 consumption 12 ]
  node [ id 7 label "Island" longitude 7.85 latitude 53.96 production 20 consumption 45.5 ]
  node [ id 8 label "Dairy" longitude 8.45 latitude 54.01 production 80 consumption 150 ]
  edge [ source 1 target 2 latency "2ms" ]
  edge [ source 2 target 3 latency "5ms" ]
  edge [ source 1 target 4 latency "1ms" ]
  edge [ source 4 target 5 latency "1ms" ]
  edge [ source 4 target 6 latency "1ms" ]
  edge [ source 1 target 7 latency "8ms" ]
  edge [ source 5 target 8 latency "1ms" ]
  edge [ source 6 target 8 latency "2ms" ]
]

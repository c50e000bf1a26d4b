"""How far the answers of a campaign's members differ: campaign_spread.py CAMPAIGN.h5"""

import sys

from titrant_analysis import open_campaign

with open_campaign(sys.argv[1]) as campaign:
    for cell in campaign.cells():
        doses = ", ".join(f"{dose:g}" for dose in sorted(cell.doses))
        question = f"{cell.population}, {cell.regimen}, {cell.endpoint}, {100 * cell.target:g} %, {cell.method}"
        print(f"{cell.variant or 'all'}: {question}: {doses} {cell.dose_unit}")

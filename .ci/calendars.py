# Reads the calendars of finished portals as Python programs do: /usr/bin/python3 calendars.py FOLDER...
#
# python3-icalendar must find no error in any of them, and as many events as there are in the text.
import datetime
import pathlib
import sys

import icalendar

files = events = 0
findings = []
for folder in sys.argv[1:]:
    for file in sorted(pathlib.Path(folder).rglob('*.ics')):
        files += 1
        text = file.read_bytes()
        try:
            calendar = icalendar.Calendar.from_ical(text)
        except ValueError as error:
            findings.append(f'{file}: {error}')
            continue
        for component in calendar.walk():
            findings += [f'{file}: {component.name}: {name}: {what}' for name, what in component.errors]
        read = calendar.walk('VEVENT')
        written = text.count(b'\r\nBEGIN:VEVENT\r\n')
        if len(read) != written:
            findings.append(f'{file}: {len(read)} events read of {written} written')
        for event in read:
            events += 1
            where = f"{file} {event.get('UID')}"
            start, end = event.get('DTSTART'), event.get('DTEND')
            if start is None or event.get('DTSTAMP') is None or not event.get('UID'):
                findings.append(f'{where}: no UID, no DTSTAMP or no DTSTART')
                continue
            for time in (start, end):
                if time and isinstance(time.dt, datetime.datetime) and time.dt.utcoffset() is None:
                    findings.append(f'{where}: {time.dt} is in no time zone')
            if end and type(end.dt) is not type(start.dt):
                findings.append(f'{where}: DTSTART is a {type(start.dt).__name__}, DTEND a {type(end.dt).__name__}')
            elif end and end.dt <= start.dt:
                findings.append(f'{where}: DTEND is not later than DTSTART')

for finding in findings:
    print(finding, file=sys.stderr)
print(f'calendars: {files} files, {events} events, {len(findings)} findings')
sys.exit(1 if findings or events == 0 else 0)

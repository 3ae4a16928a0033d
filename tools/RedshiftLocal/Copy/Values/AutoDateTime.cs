using System.Buffers;
using System.Text;

namespace RedshiftLocal.Copy.Values;

/// <summary>What 'auto' recognizes beside the ISO forms, month before day where both are numbers.</summary>
/// <remarks>https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html</remarks>
internal static class AutoDateTime
{
    private const int Longest = 100;

    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t,0123456789+-."u8);

    public static bool TryParse(ReadOnlySpan<byte> text, ref DateTimeParts parts)
    {
        parts = default;
        if (text.Length > Longest || !Ascii.IsValid(text))
        {
            return false;
        }

        var reader = new Reader(text);
        if (!reader.ReadAll())
        {
            return false;
        }

        parts = reader.Parts;
        return true;
    }

    private ref struct Reader(ReadOnlySpan<byte> text)
    {
        public DateTimeParts Parts;

        private ReadOnlySpan<byte> _text = text;
        private bool _hasDate;
        private bool _hasTime;
        private bool _beforeChrist;
        private bool _shortYear;
        private int _half = -1;
        private int _month;
        private int _day;
        private int _dayOfYear;
        private ReadOnlySpan<byte> _zone;

        public bool ReadAll()
        {
            while (true)
            {
                _text = _text.TrimStart(" \t,"u8);
                if (_text.IsEmpty)
                {
                    return Complete();
                }

                var first = _text[0];
                var read = (uint)(first - '0') <= 9 ? Number()
                    : first is (byte)'+' or (byte)'-' ? Offset()
                    : (first | 0x20) is >= 'a' and <= 'z' && Word();
                if (!read)
                {
                    return false;
                }
            }
        }

        private bool Complete()
        {
            if (!_hasDate && _month > 0 && _day > 0 && Parts.Year > 0)
            {
                Parts.Month = _month;
                Parts.Day = _day;
                _hasDate = true;
            }

            if (!_hasDate)
            {
                return false;
            }

            if (_shortYear && !_beforeChrist)
            {
                Parts.Year += Parts.Year < 70 ? 2000 : 1900;
            }

            if (_beforeChrist)
            {
                Parts.Year = 1 - Parts.Year;
            }

            if (_dayOfYear > 0 && !FromDayOfYear())
            {
                return false;
            }

            if (_half >= 0)
            {
                if (!_hasTime || Parts.Hour is < 1 or > 12)
                {
                    return false;
                }

                Parts.Hour = (Parts.Hour % 12) + (_half * 12);
            }

            if (!_zone.IsEmpty)
            {
                Parts.HasOffset = Zones.TryOffset(_zone, Parts, out Parts.Offset);
                return Parts.HasOffset && _hasTime;
            }

            return true;
        }

        private bool FromDayOfYear()
        {
            Parts.Month = 1;
            var day = _dayOfYear;
            while (Parts.Month <= 12 && day > Calendar.DaysIn(Parts.Year, Parts.Month))
            {
                day -= Calendar.DaysIn(Parts.Year, Parts.Month);
                Parts.Month++;
            }

            Parts.Day = day;
            return Parts.Month <= 12;
        }

        /// <summary>A run that begins with a digit: a date with separators, a time, or digits whose number tells what they are.</summary>
        private bool Number()
        {
            var length = _text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            length = length < 0 ? _text.Length : length;
            var digits = _text[..length];
            var next = length < _text.Length ? _text[length] : (byte)' ';
            if (next == (byte)':')
            {
                return Time();
            }

            if (next is (byte)'-' or (byte)'/' or (byte)'.' && !_hasDate && !(length == 6 && next == (byte)'.'))
            {
                return SeparatedDate();
            }

            _text = _text[length..];
            switch (length)
            {
                case 8 when !_hasDate:
                    return Compact(digits, 4);
                case 6 when !_hasDate:
                    _shortYear = true;
                    return Compact(digits, 2);
                case 6 when !_hasTime:
                    _hasTime = Two(digits, 0, out Parts.Hour) && Two(digits, 2, out Parts.Minute) && Two(digits, 4, out Parts.Second);
                    return _hasTime && Fraction.TryTake(ref _text, out Parts.Microsecond);
                case 4 when !_hasDate && Parts.Year == 0:
                    return Fraction.TryNumber(digits, out Parts.Year) && Parts.Year > 0;
                case 1 or 2 when !_hasDate && _day == 0:
                    return Fraction.TryNumber(digits, out _day);
                case 2 when !_hasDate && Parts.Year == 0 && _month > 0:
                    _shortYear = true;
                    return Fraction.TryNumber(digits, out Parts.Year);
                default:
                    return false;
            }
        }

        private bool Compact(ReadOnlySpan<byte> digits, int yearDigits)
        {
            _hasDate = Fraction.TryNumber(digits[..yearDigits], out Parts.Year) && Two(digits, yearDigits, out Parts.Month)
                && Two(digits, yearDigits + 2, out Parts.Day);

            // ISO 8601's basic form.
            if (_hasDate && _text.Length > 1 && _text[0] == (byte)'T')
            {
                _text = _text[1..];
            }

            return _hasDate;
        }

        private bool Time()
        {
            if (_hasTime)
            {
                return false;
            }

            _hasTime = true;
            if (!TakeTwo(out Parts.Hour) || !TakeColon() || !TakeTwo(out Parts.Minute))
            {
                return false;
            }

            return !TakeColon() || (TakeTwo(out Parts.Second) && Fraction.TryTake(ref _text, out Parts.Microsecond));
        }

        /// <summary>Three fields by one separator, or YYYY.DDD.</summary>
        private bool SeparatedDate()
        {
            Span<int> values = stackalloc int[3];
            Span<int> lengths = stackalloc int[3];
            var named = -1;
            byte separator = 0;
            var count = 0;
            for (; count < 3; count++)
            {
                if (count > 0)
                {
                    if (_text.IsEmpty || _text[0] is not ((byte)'-' or (byte)'/' or (byte)'.') || (count == 2 && _text[0] != separator))
                    {
                        break;
                    }

                    separator = _text[0];
                    _text = _text[1..];
                }

                if (!_text.IsEmpty && (_text[0] | 0x20) is >= 'a' and <= 'z')
                {
                    if (named >= 0 || !MonthNames.TryTake(ref _text, out values[count]))
                    {
                        return false;
                    }

                    named = count;
                    continue;
                }

                var length = _text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                length = length < 0 ? _text.Length : length;
                if (length > 6 || !Fraction.TryNumber(_text[..length], out values[count]))
                {
                    return false;
                }

                lengths[count] = length;
                _text = _text[length..];
            }

            _hasDate = true;
            if (_text.Length > 1 && _text[0] == (byte)'T')
            {
                _text = _text[1..];
            }

            if (count == 2)
            {
                Parts.Year = values[0];
                _dayOfYear = values[1];
                return named < 0 && separator == (byte)'.' && lengths[0] == 4 && lengths[1] == 3 && values[1] > 0;
            }

            return count == 3 && Order(values, lengths, named);
        }

        private bool Order(scoped Span<int> values, scoped Span<int> lengths, int named)
        {
            // Year first when it is long; else the month, by name or by its place, and the year last.
            var year = lengths[0] > 2 ? 0 : 2;
            var month = named >= 0 ? named : year == 0 ? 1 : 0;
            var day = 3 - year - month;
            if (day == year || month == year || lengths[day] > 2)
            {
                return false;
            }

            Parts.Year = values[year];
            Parts.Month = values[month];
            Parts.Day = values[day];
            _shortYear = lengths[year] <= 2;
            return lengths[year] > 0 && (Parts.Year > 0 || _shortYear);
        }

        private bool Offset()
        {
            var length = _text.IndexOfAny((byte)' ', (byte)',');
            var zone = length < 0 ? _text : _text[..length];
            _text = _text[zone.Length..];
            if (!_hasTime || Parts.HasOffset || !_zone.IsEmpty)
            {
                return false;
            }

            Parts.HasOffset = true;
            return Fraction.TryOffset(zone, out Parts.Offset);
        }

        private bool Word()
        {
            if ((_text[0] | 0x20) == 'j' && _text.Length > 1 && (uint)(_text[1] - '0') <= 9)
            {
                return Julian();
            }

            var length = _text.IndexOfAny(WordEnds);
            var word = length < 0 ? _text : _text[..length];
            if (word.Contains((byte)'/'))
            {
                length = _text.IndexOfAny(" \t,"u8);
                word = length < 0 ? _text : _text[..length];
            }

            var month = MonthNames.Find(word);
            if (month > 0 && !_hasDate && _month == 0)
            {
                return word.Length < _text.Length && _text[word.Length] is (byte)'-' or (byte)'/' or (byte)'.' ? SeparatedDate() : Month(word.Length, month);
            }

            _text = _text[word.Length..];
            if (Is(word, "am"u8) || Is(word, "pm"u8))
            {
                var first = _half < 0;
                _half = (word[0] | 0x20) == 'p' ? 1 : 0;
                return first;
            }

            if (Is(word, "bc"u8) || Is(word, "ad"u8))
            {
                _beforeChrist = (word[0] | 0x20) == 'b';
                return true;
            }

            if (Zones.IsDayName(word))
            {
                return true;
            }

            if (Is(word, "t"u8) && _hasDate && !_hasTime)
            {
                return true;
            }

            var free = _zone.IsEmpty && !Parts.HasOffset;
            _zone = word;
            return free;
        }

        private bool Month(int length, int month)
        {
            _month = month;
            _text = _text[length..];
            return true;
        }

        /// <summary>https://www.postgresql.org/docs/current/datetime-julian-dates.html</summary>
        private bool Julian()
        {
            var digits = _text[1..];
            var length = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            digits = length < 0 ? digits : digits[..length];
            _text = _text[(1 + digits.Length)..];
            if (_hasDate || !Fraction.TryNumber(digits, out var number) || number > 109_203_527)
            {
                return false;
            }

            _hasDate = true;
            (Parts.Year, Parts.Month, Parts.Day) = Calendar.FromJulian(number);
            return true;
        }

        private bool TakeTwo(out int value)
        {
            var length = _text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            length = length < 0 ? _text.Length : length;
            var digits = _text[..length];
            _text = _text[length..];
            value = 0;
            return length is 1 or 2 && Fraction.TryNumber(digits, out value);
        }

        private bool TakeColon()
        {
            if (_text.IsEmpty || _text[0] != (byte)':')
            {
                return false;
            }

            _text = _text[1..];
            return true;
        }

        private static bool Two(ReadOnlySpan<byte> digits, int at, out int value) => Fraction.TryNumber(digits.Slice(at, 2), out value);

        private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(word, other);
    }
}

using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Slipway.Core;

namespace Slipway.Models.Rows;

/// <summary>What happens to a value that the model does not allow.</summary>
internal enum InvalidTreatment : byte
{
    /// <summary>The record is refused.</summary>
    Refuse,
    AsMissing,
    Keep,
    Replace,
}

/// <summary>What happens to values outside <see cref="FieldTreatment.Low"/>…<see cref="FieldTreatment.High"/>.</summary>
internal enum OutlierTreatment : byte
{
    Keep,
    AsMissing,

    /// <summary>The bound that was crossed is taken.</summary>
    AsExtreme,
}

/// <summary>An interval of numbers.</summary>
internal readonly record struct Interval(double Low, double High, bool LowClosed, bool HighClosed)
{
    public bool Contains(double value) => (LowClosed ? value >= Low : value > Low) && (HighClosed ? value <= High : value < High);

    public override string ToString() => $"{(LowClosed ? '[' : '(')}{Low:R}, {High:R}{(HighClosed ? ']' : ')')}";
}

/// <summary>
/// What stands between a field's raw value and the model: which values count as missing, which are allowed, and what replaces the others.
/// The order is the standard's: missing by name, invalid, outlier, missing.
/// </summary>
internal sealed record FieldTreatment(string Name, CellFormat Format)
{
    /// <summary>The allowed values; all when empty and <see cref="ValidIntervals"/> are, too.</summary>
    public ImmutableArray<double> ValidValues { get; init; } = [];

    public ImmutableArray<Interval> ValidIntervals { get; init; } = [];

    public ImmutableArray<double> InvalidValues { get; init; } = [];

    public ImmutableArray<double> MissingValues { get; init; } = [];

    /// <summary>Texts for a missing value that are not of the field's type: <c>N/A</c> in a column of numbers.</summary>
    public ImmutableArray<string> MissingTexts { get; init; } = [];

    public InvalidTreatment Invalid { get; init; }

    public double InvalidReplacement { get; init; } = Cell.Missing;

    public OutlierTreatment Outliers { get; init; }

    public double Low { get; init; } = double.NegativeInfinity;

    public double High { get; init; } = double.PositiveInfinity;

    public bool RefuseMissing { get; init; }

    /// <summary>Taken for a missing value; <see cref="Cell.Missing"/> leaves it missing.</summary>
    public double MissingReplacement { get; init; } = Cell.Missing;

    /// <summary>Every value but a missing or invalid one is taken as it is.</summary>
    public bool TakesAll { get; private set; } = true;

    /// <summary>Nothing is looked at or replaced.</summary>
    public bool IsIdentity =>
        ValidValues.IsEmpty && ValidIntervals.IsEmpty && InvalidValues.IsEmpty && MissingValues.IsEmpty
        && Outliers == OutlierTreatment.Keep && !RefuseMissing && Cell.IsMissing(MissingReplacement);

    private readonly CellSet _valid = new();

    /// <summary>A value in the list is allowed, and nothing else is looked at.</summary>
    private bool _onlyLists;

    /// <summary>Makes the sets ready; to be called once, after the last change.</summary>
    public FieldTreatment Compile()
    {
        foreach (var value in ValidValues) _valid.Add(value);
        _onlyLists = !ValidValues.IsEmpty && InvalidValues.IsEmpty && MissingValues.IsEmpty && Outliers == OutlierTreatment.Keep;
        TakesAll = ValidValues.IsEmpty && ValidIntervals.IsEmpty && InvalidValues.IsEmpty && MissingValues.IsEmpty && Outliers == OutlierTreatment.Keep;
        return this;
    }

    /// <param name="cell">The raw value: missing, <see cref="Cell.Invalid"/>, or of the field's type.</param>
    /// <returns>The value that the model sees; never <see cref="Cell.Invalid"/>. False when the record must be refused (see <see cref="Refusal"/>).</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryApply(double cell, out double treated)
    {
        treated = cell;
        return (!double.IsNaN(cell) && (TakesAll || (_onlyLists && _valid.Contains(cell)))) || TryTreat(cell, out treated);
    }

    /// <summary>The symbol of a text that the model names is taken as it is; else <see cref="TryApply"/> says what becomes of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(int symbol) => TakesAll || (_onlyLists && _valid.Contains(symbol));

    private bool TryTreat(double cell, out double treated)
    {
        treated = cell;
        if (double.IsNaN(cell))
        {
            if (Cell.IsMissing(cell)) return TryMissing(out treated);
            if (Cell.IsInvalid(cell)) return TryInvalid(cell, out treated);
        }
        if (TakesAll) return true;
        if (!MissingValues.IsEmpty && MissingValues.Contains(cell)) return TryMissing(out treated);
        if (!IsValid(cell)) return TryInvalid(cell, out treated);
        if (Outliers == OutlierTreatment.Keep || (cell >= Low && cell <= High)) return true;
        if (Outliers == OutlierTreatment.AsMissing) return TryMissing(out treated);
        treated = cell < Low ? Low : High;
        return true;
    }

    /// <param name="cell">What a text was parsed as.</param>
    /// <returns>The cell, or missing for a text that is not of the field's type but stands for that.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double OrMissing(double cell, ReadOnlySpan<char> text) => Cell.IsInvalid(cell) && StandsForMissing(text) ? Cell.Missing : cell;

    /// <summary>Says why <see cref="TryApply"/> refused a value.</summary>
    /// <param name="text">The raw value as text; null when it is missing.</param>
    public RecordException Refusal(string? text)
    {
        if (text is null) return new RecordException($"field '{Name}': the value is missing, and the model does not allow that");
        var shown = text.Length > 80 ? string.Concat(text.AsSpan(0, 80), "…") : text;
        if (Format.Type != CellType.Text && Cell.IsInvalid(Format.Parse(text))) return new RecordException($"field '{Name}': '{shown}' is not of type {Format.Name}");
        return new RecordException($"field '{Name}': '{shown}' is not a value that the model allows{Allowed()}");
    }

    private bool StandsForMissing(ReadOnlySpan<char> text)
    {
        foreach (var missing in MissingTexts)
        {
            if (text.SequenceEqual(missing)) return true;
        }
        return false;
    }

    private bool TryMissing(out double treated)
    {
        treated = MissingReplacement;
        return !RefuseMissing;
    }

    private bool TryInvalid(double cell, out double treated)
    {
        treated = cell;
        switch (Invalid)
        {
            case InvalidTreatment.AsMissing: return TryMissing(out treated);
            case InvalidTreatment.Keep: return !Cell.IsInvalid(cell);
            case InvalidTreatment.Replace:
                treated = InvalidReplacement;
                return true;
            default: return false;
        }
    }

    private bool IsValid(double cell)
    {
        if (!InvalidValues.IsEmpty && InvalidValues.Contains(cell)) return false;
        if (ValidValues.IsEmpty && ValidIntervals.IsEmpty) return true;
        if (_valid.Contains(cell)) return true;
        foreach (var interval in ValidIntervals)
        {
            if (interval.Contains(cell)) return true;
        }
        return false;
    }

    private string Allowed() => ValidIntervals.IsEmpty ? "" : "; it allows " + string.Join(", ", ValidIntervals);
}

/// <summary>A set of cells: a bit each for small whole numbers (symbols, codes), a hash for the rest.</summary>
internal sealed class CellSet
{
    private const int MaxBits = 1 << 20;

    private ulong[] _bits = [];
    private HashSet<double>? _others;

    public void Add(double cell)
    {
        if (cell >= 0 && cell < MaxBits && Math.Truncate(cell) == cell)
        {
            var index = (int)cell;
            if (index >> 6 >= _bits.Length) Array.Resize(ref _bits, (index >> 6) + 1);
            _bits[index >> 6] |= 1UL << (index & 63);
            return;
        }
        (_others ??= []).Add(cell);
    }

    /// <summary>Whether a small whole number, not negative, is in the set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int cell) => (uint)(cell >> 6) < (uint)_bits.Length && (_bits[cell >> 6] >> (cell & 63) & 1) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(double cell)
    {
        var index = double.ConvertToIntegerNative<int>(cell);
        if (index == cell && (uint)(index >> 6) < (uint)_bits.Length && (_bits[index >> 6] >> (index & 63) & 1) != 0) return true;
        return _others is not null && _others.Contains(cell);
    }
}

/// <summary>A value that passes through a treatment once more: a field of a model inside a model.</summary>
internal sealed class TreatedExpression(RowExpression raw, FieldTreatment treatment) : RowExpression(raw.Type)
{
    public override double Evaluate(in Row row)
    {
        var cell = raw.Evaluate(row);
        if (!treatment.TryApply(cell, out var treated)) throw treatment.Refusal(Cell.IsMissing(cell) ? null : treatment.Format.Print(cell, row.Texts));
        return treated;
    }
}

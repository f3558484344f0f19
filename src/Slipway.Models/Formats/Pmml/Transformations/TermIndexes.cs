using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>One index for all terms that are looked for in the same text, read in the same way.</summary>
internal sealed class TermIndexes
{
    private readonly Dictionary<string, TextReading> _readings = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Slot, TextReading Reading), TermIndex> _indexes = [];

    /// <param name="settings">Equal for elements that read texts in the same way.</param>
    public TextReading Reading(string settings, Func<TextReading> make)
    {
        if (!_readings.TryGetValue(settings, out var reading)) _readings[settings] = reading = make();
        return reading;
    }

    /// <returns>Null when the text's value is kept in no slot, so that nothing can be shared.</returns>
    public TermIndex? Index(RowExpression text, TextReading reading, ProgramBuilder program)
    {
        var slot = text switch { SlotExpression s => s.Slot, DerivedExpression d => d.Slot, _ => -1 };
        if (slot < 0) return null;
        if (!_indexes.TryGetValue((slot, reading), out var index)) _indexes[(slot, reading)] = index = new TermIndex(text, reading, program);
        return index;
    }
}

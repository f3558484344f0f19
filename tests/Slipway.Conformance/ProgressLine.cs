using System.Globalization;

namespace Slipway.Conformance;

/// <summary>How far a run is: one line that is written over on a terminal, a line per hundred cases elsewhere.</summary>
internal sealed class ProgressLine(TextWriter writer, int total, bool terminal)
{
    private int _done;
    private int _failed;

    public void Advance(bool failed)
    {
        _done++;
        if (failed) _failed++;
        var text = string.Create(CultureInfo.InvariantCulture, $"{_done}/{total} cases, {_failed} failed");
        if (terminal) writer.Write($"\r{text}");
        else if (_done % 100 == 0) writer.WriteLine(text);
    }

    /// <summary>Makes room for another line.</summary>
    public void Clear()
    {
        if (terminal) writer.Write("\r\e[K");
    }
}

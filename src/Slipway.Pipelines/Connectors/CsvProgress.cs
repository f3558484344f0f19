using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>
/// From the remembered position and the files that are there to where each file is to be read on, and, once it is read, to the new position.
/// A file that no longer starts as it did when it was read is a new one. A new one that is, by its identity, a vanished or replaced one is that one renamed:
/// its content alone does not tell, since files may well start alike.
/// </summary>
internal sealed class CsvProgress
{
    private readonly ConnectorContext _context;
    private readonly CsvPosition _before;
    private readonly List<DataFile> _files;
    private readonly Dictionary<string, CsvMark> _marks = new(StringComparer.Ordinal);

    private CsvProgress(ConnectorContext context, CsvPosition before, List<DataFile> files)
    {
        _context = context;
        _before = before;
        _files = files;
    }

    /// <param name="verified">Marks found to be right for a file's length and time; spares reading files that did not change.</param>
    public static CsvProgress Resume(ConnectorContext context, CsvPosition before, List<DataFile> files, Dictionary<string, (DataFile File, CsvMark Mark)> verified)
    {
        var progress = new CsvProgress(context, before, files);
        var unknown = new List<DataFile>();
        var orphans = new Dictionary<string, CsvMark>(before.Files, StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!before.Files.TryGetValue(file.Name, out var mark))
            {
                if (!before.IsClosed(file.Name)) unknown.Add(file);
            }
            else if ((verified.TryGetValue(file.Name, out var seen) && seen == (file, mark)) || Is(file, mark))
            {
                progress._marks.Add(file.Name, mark);
                orphans.Remove(file.Name);
                verified[file.Name] = (file, mark);
            }
            else
            {
                unknown.Add(file);
            }
        }
        foreach (var file in unknown)
        {
            if (orphans.Count == 0 || FileIdentity.Of(file.Path) is not { } identity) break;
            var (name, mark) = orphans.FirstOrDefault(o => o.Value.File == identity && Is(file, o.Value));
            if (name is null) continue;
            context.Log.LogInformation("{UseCase}: {File} is {Former} renamed; reading goes on at byte {Offset}", context.UseCase, file.Name, name, mark.Offset);
            progress._marks.Add(file.Name, mark);
            orphans.Remove(name);
        }
        foreach (var file in unknown.Where(f => before.Files.ContainsKey(f.Name) && !progress._marks.ContainsKey(f.Name)))
        {
            context.Log.LogInformation("{UseCase}: {File} was replaced; reading starts at its beginning", context.UseCase, file.Name);
        }
        return progress;
    }

    /// <summary>Where to go on in a file; null when it is closed.</summary>
    public long? OffsetIn(DataFile file) => _marks.TryGetValue(file.Name, out var mark) ? mark.Offset : _before.IsClosed(file.Name) ? null : 0;

    public void Reached(DataFile file, CsvMark mark) => _marks[file.Name] = mark;

    /// <summary>The new position. Files that are gone are forgotten; the first ones are closed when there are too many.</summary>
    public CsvPosition End()
    {
        var closed = _before.Closed;
        var through = closed?.Through;
        var files = _marks.ToImmutableSortedDictionary(StringComparer.Ordinal).ToBuilder();
        foreach (var file in _files)
        {
            if (files.Count <= CsvPosition.OpenFiles) break;
            if (!files.TryGetValue(file.Name, out var mark)) continue;
            if (mark.Offset < file.Length) break;
            files.Remove(file.Name);
            through = file.Name;
        }
        return new CsvPosition(files.ToImmutable(), through is null ? null : Close(through, closed));
    }

    private CsvClosed Close(string through, CsvClosed? before)
    {
        var (files, bytes, late) = (0, 0L, 0L);
        foreach (var file in _files)
        {
            if (string.CompareOrdinal(file.Name, through) > 0) break;
            files++;
            bytes += file.Length;
            if (before is not null && string.CompareOrdinal(file.Name, before.Through) <= 0) late += file.Length;
        }
        if (before is not null && late > before.Bytes)
        {
            _context.Log.LogWarning(
                "{UseCase}: {Bytes} bytes came too late, into files named up to {Through}; files this far back are not read again. Give newer files later names",
                _context.UseCase, late - before.Bytes, before.Through);
        }
        return new CsvClosed(through, files, bytes);
    }

    private static bool Is(DataFile file, CsvMark mark)
    {
        if (file.Length < mark.Offset) return false;
        using var stream = CsvFiles.Open(file);
        return stream is not null && CsvMark.Fingerprint(stream, mark.Offset) == mark.Print;
    }
}

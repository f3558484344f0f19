using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// What takes the place of a match, as Java writes it: <c>$1</c> (with as many digits as make the number of a group), <c>${name}</c>,
/// and a backslash before a character that stands for itself.
/// </summary>
internal sealed class ReplacementTemplate
{
    private readonly ImmutableArray<Part> _parts;

    private ReplacementTemplate(ImmutableArray<Part> parts)
    {
        _parts = parts;
        HasGroups = parts.Any(part => part.Text is null);
    }

    /// <summary>Whether a match's groups are needed to write it.</summary>
    public bool HasGroups { get; }

    /// <exception cref="ModelException">The template is wrong, or names a group that the pattern has not.</exception>
    public static ReplacementTemplate Parse(string template, Pattern pattern)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < template.Length;)
        {
            if (template[at] == '$')
            {
                at++;
                if (literal.Length > 0) parts.Add(new Part(literal.ToString(), 0));
                literal.Clear();
                parts.Add(new Part(null, Group(template, pattern, ref at)));
                continue;
            }
            if (template[at] == '\\' && ++at == template.Length) throw Fault(template, @"a '\' at the end");
            literal.Append(template[at++]);
        }
        if (literal.Length > 0) parts.Add(new Part(literal.ToString(), 0));
        return new ReplacementTemplate(parts.ToImmutable());
    }

    /// <summary>Writes the template where no group is needed.</summary>
    public void WriteTo(ref TextBuffer buffer)
    {
        foreach (var part in _parts) buffer.Append(part.Text);
    }

    /// <returns>False when .NET found a group outside of the text (it does where what can be empty repeats inside of repetitions).</returns>
    public bool TryWriteTo(ref TextBuffer buffer, Match match, ReadOnlySpan<char> text)
    {
        foreach (var part in _parts)
        {
            if (part.Text is not null)
            {
                buffer.Append(part.Text);
                continue;
            }
            var group = match.Groups[part.Group];
            if (group.Index < 0 || group.Length < 0 || group.Index + group.Length > text.Length) return false;
            buffer.Append(text.Slice(group.Index, group.Length));
        }
        return true;
    }

    private static int Group(string template, Pattern pattern, ref int at)
    {
        if (at < template.Length && template[at] == '{')
        {
            var end = template.IndexOf('}', at);
            if (end < 0) throw Fault(template, "a '${' without its '}'");
            var name = template[(at + 1)..end];
            at = end + 1;
            if (pattern.GroupNames.TryGetValue(name, out var named)) return named;
            return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var group) && group <= pattern.GroupCount
                ? group
                : throw Fault(template, $"the pattern has no group '{name}'");
        }
        if (at >= template.Length || !char.IsAsciiDigit(template[at])) throw Fault(template, "a '$' without a group; write '\\$' for the character");
        var number = template[at++] - '0';
        if (number > pattern.GroupCount) throw Fault(template, $"the pattern has no group {number}");
        while (at < template.Length && char.IsAsciiDigit(template[at]) && number * 10 + (template[at] - '0') <= pattern.GroupCount)
        {
            number = number * 10 + (template[at++] - '0');
        }
        return number;
    }

    private static ModelException Fault(string template, string problem) => new($"replacement '{template}': {problem}");

    /// <param name="Text">Null for a group.</param>
    /// <param name="Group">The group's number.</param>
    private readonly record struct Part(string? Text, int Group);
}

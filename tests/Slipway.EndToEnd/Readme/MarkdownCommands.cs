namespace Slipway.EndToEnd.Readme;

/// <summary>The commands a Markdown file tells its readers to type: those in its <c>sh</c> blocks, one by one, as printed.</summary>
internal static class MarkdownCommands
{
    private static readonly string[] OtherShells = ["bash", "shell", "console", "zsh"];

    public static IReadOnlyList<string> Of(string markdown)
    {
        var commands = new List<string>();
        string? language = null;
        var command = "";
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (command.Length > 0) throw new FormatException($"a command does not end: {command}");
                language = language is null ? line[3..].Trim() : null;
                if (OtherShells.Contains(language)) throw new FormatException($"a block is marked '{language}': commands are tested when they are marked 'sh'");
            }
            else if (language == "sh")
            {
                command = command.Length == 0 ? line : $"{command}\n{line}";
                if (IsOpen(command)) continue;
                if (command.Trim() is { Length: > 0 } whole && !whole.StartsWith('#')) commands.Add(whole);
                command = "";
            }
        }
        return commands;
    }

    /// <summary>A quote is open, or the line goes on after a backslash.</summary>
    private static bool IsOpen(string command) => command.Count(c => c == '\'') % 2 != 0 || command.EndsWith('\\');
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.App.Cli;

/// <summary>A command with examples, which its help shows.</summary>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Lets help end with the verb's examples.</summary>
    public static void ShowExamples(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is SynchronousCommandLineAction plain) help.Action = new HelpWithExample(plain);
        }
    }

    /// <summary>A call for help is right even where it leaves out what the verb needs.</summary>
    public static bool IsHelp(ParseResult parsed) => parsed.Action is HelpWithExample;

    private sealed class HelpWithExample(SynchronousCommandLineAction plain) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is Verb verb)
            {
                parseResult.InvocationConfiguration.Output.WriteLine($"{(verb.Examples.Count == 1 ? "Example" : "Examples")}:\n  {string.Join("\n  ", verb.Examples)}\n");
            }
            return code;
        }
    }
}

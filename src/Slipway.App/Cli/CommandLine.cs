using System.CommandLine;
using Slipway.App.Cli.Commands;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.App.Cli;

/// <summary>The verbs, and what their ends mean: 0 ok, 1 the work failed, 2 the call was wrong, 3 done but for rows that were refused, 130 interrupted.</summary>
public static class CommandLine
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int WrongCall = 2;
    public const int Refused = 3;
    public const int Interrupted = 130;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Build();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && !Verb.IsHelp(parsed))
        {
            foreach (var error in MessagesOf(root, parsed)) Terminal.Error(error);
            Terminal.Error("Try: slipway " + string.Join(' ', Path(parsed).Append("--help")));
            return WrongCall;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            Terminal.Error(e.Message);
            return WrongCall;
        }
        catch (OperationCanceledException)
        {
            Terminal.Error("Interrupted.");
            return Interrupted;
        }
        catch (Exception e) when (e is SlipwayException or IOException or UnauthorizedAccessException or HttpRequestException)
        {
            Terminal.Error(e.Message);
            return Failed;
        }
    }

    private static RootCommand Build()
    {
        var root = new RootCommand("Slipway takes the model file you have and runs the whole use case around it.");
        foreach (var command in Verbs())
        {
            root.Subcommands.Add(command);
            RefuseUnknownOptions(command);
        }
        Verb.ShowExamples(root);
        return root;
    }

    /// <summary>The parser takes an option it does not know for a value where a value fits: <c>slipway models --jsn</c> would look for a model of that name.</summary>
    private static void RefuseUnknownOptions(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Select(t => t.Value).Where(t => t.StartsWith("--", StringComparison.Ordinal)))
                {
                    var near = Suggestion.Nearest(token, command.Options.Select(o => o.Name));
                    result.AddError($"'{token}' is not an option of slipway {command.Name}.{(near is null ? "" : $" Did you mean '{near}'?")}");
                }
            });
        }
        foreach (var below in command.Subcommands) RefuseUnknownOptions(below);
    }

    private static IEnumerable<Command> Verbs() =>
    [
        DemoCommand.Create(), ServeCommand.Create(),
        RegistryCommands.Push(), RegistryCommands.Models(), RegistryCommands.Alias(), RegistryCommands.Pull(),
        InspectCommand.Create(), VerifyCommand.Create(), ScoreCommand.Create(), ConvertCommand.Create(), DebugCommand.Create(),
        LabCommands.Check(), LabCommands.Test(), LabCommands.Schema(),
        UseCaseCommands.Apply(), UseCaseCommands.Run(), UseCaseCommands.List(), UseCaseCommands.Pause(), UseCaseCommands.Resume(), UseCaseCommands.Remove(),
        RecordCommands.Quarantine(), RecordCommands.Samples(), RecordCommands.Label(), RecordCommands.Alerts(),
    ];

    private static IEnumerable<string> MessagesOf(RootCommand root, ParseResult parsed)
    {
        if (parsed.CommandResult.Command != root || parsed.UnmatchedTokens is not [var word, ..]) return parsed.Errors.Select(e => e.Message);
        var near = Suggestion.Nearest(word, root.Subcommands.Select(c => c.Name));
        return [$"'{word}' is not a verb.{(near is null ? "" : $" Did you mean '{near}'?")}"];
    }

    private static IEnumerable<string> Path(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent) names.Push(result.Command.Name);
        return names;
    }
}

/// <summary>The call was wrong in a way the parser could not see: exit code 2.</summary>
public sealed class UsageException(string message) : Exception(message);

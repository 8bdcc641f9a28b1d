using System.CommandLine;
using System.CommandLine.Parsing;
using Sim.Environments.Configuration;

namespace Sim.Cli.Parsing;

/// <summary>Says what is wrong with a command line, in sentences that name the nearest valid choice.</summary>
internal static class ParseErrors
{
    public static IReadOnlyList<string> Describe(ParseResult result)
    {
        // An unknown word makes the parser miss others too: only the word itself is worth a message.
        if (result.UnmatchedTokens.Count > 0)
            return [Unknown(result.CommandResult, result.UnmatchedTokens[0])];
        return [.. result.Errors.Select(error => Describe(result, error)).Distinct()];
    }

    /// <summary>The command as typed from the shell: "sim bench steps".</summary>
    public static string PathOf(CommandResult command)
        => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;

    private static string Unknown(CommandResult command, string token)
    {
        bool isOption = token.StartsWith('-');
        var choices = isOption ? OptionsOf(command) : command.Command.Subcommands.Select(sub => sub.Name);
        if (!isOption && command.Command.Subcommands.Count == 0)
            return $"'{PathOf(command)}' takes no further argument '{token}'.";
        string kind = isOption ? "option" : "command";
        return $"'{PathOf(command)}' has no {kind} '{token}'; the nearest is '{NearestName.Of(token, choices)}'.";
    }

    private static IEnumerable<string> OptionsOf(CommandResult command)
    {
        var own = command.Command.Options.Select(option => option.Name);
        return command.Parent is CommandResult parent ? own.Concat(OptionsOf(parent)) : own;
    }

    private static string Describe(ParseResult result, ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing => $"'{PathOf(result.CommandResult)}' needs <{missing.Argument.Name}>.",
        OptionResult { Tokens.Count: 0 } missing => $"{missing.Option.Name} needs a value: {missing.Option.HelpName}.",
        CommandResult command when command.Command.Subcommands.Count > 0 && command.Tokens.Count == 0
            => $"'{PathOf(command)}' needs a command: {string.Join(", ", command.Command.Subcommands.Select(sub => sub.Name))}.",
        _ => error.Message,
    };
}

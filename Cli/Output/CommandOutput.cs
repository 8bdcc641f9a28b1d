using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Sim.Cli.Output;

/// <summary>
/// Where a command writes. With <c>--json</c> standard output carries the result alone, as its one line or lines, and
/// people read standard error; without, people read standard output.
/// </summary>
public sealed class CommandOutput
{
    /// <summary>Wide enough that no table wraps when a program reads it.</summary>
    private const int UnboundedWidth = 400;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _result;
    private readonly bool _json;

    public CommandOutput(TextWriter output, TextWriter error, bool json)
    {
        _result = output;
        _json = json;
        Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(json ? error : output) });
        if (!Console.Profile.Out.IsTerminal)
            Console.Profile.Width = UnboundedWidth;
    }

    /// <summary>For people.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>A line for people, without wrapping or markup.</summary>
    public void Line(string text = "") => Console.Profile.Out.Writer.WriteLine(text);

    /// <summary>A table for people: plain columns, so that it can be cut and searched.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<string[]> rows)
    {
        var table = new Table().NoBorder();
        foreach (string heading in headings)
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Dim))).Padding(new Padding(2, 0, 1, 0)).NoWrap());
        table.Columns[^1].NoWrap = false;
        foreach (string[] row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        Console.Write(table);
    }

    /// <summary>For programs: one line of JSON, keys in snake_case. Call it last; it does nothing without --json.</summary>
    public void Result(object result) => Results([result]);

    /// <summary>Shows what has been written so far, before a long silence.</summary>
    public void Flush()
    {
        _result.Flush();
        Console.Profile.Out.Writer.Flush();
    }

    /// <summary>As <see cref="Result"/>, a line for each of several results; the last is the one that counts most.</summary>
    public void Results(IEnumerable<object> results)
    {
        if (!_json)
            return;
        foreach (object result in results)
            _result.WriteLine(JsonSerializer.Serialize(result, result.GetType(), s_json));
    }
}

using System.Globalization;
using System.Text.Json;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Endpoints;

/// <summary>The library's answers in upstream's form, with members in Pascal case and without the service's envelope; or as ordered.</summary>
internal sealed class LibraryResponses(SandboxState state)
{
    public SandboxResponse List<T>(string action, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write, Action<Utf8JsonWriter> paging) =>
        Upstream(action, json =>
        {
            json.WriteStartArray("Items");
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            paging(json);
        });

    public SandboxResponse Read<T>(string action, T item, Action<Utf8JsonWriter, T> write)
    {
        var response = Upstream(action, json => write(json, item));
        return state.Options.Library.Form == LibraryForm.Envelope ? Enveloped(response) : response;
    }

    public SandboxResponse Changed(string action, string id) => state.Options.Library.Form == LibraryForm.NoContent
        ? new SandboxResponse(204, SandboxResponse.Json, default)
        : Read(action, id, (json, value) => json.WriteString("Id", value));

    public SandboxResponse Error(Refusal refusal) => SandboxResponse.Write(refusal.Status, json => WriteMetadata(json, "Error", refusal));

    public static void WriteGroup(Utf8JsonWriter json, AssetGroup group)
    {
        json.WriteString("Id", group.Id);
        json.WriteString("Name", group.Name ?? "");
        json.WriteString("GroupType", group.IsRealPerson ? "LivenessFace" : "AIGC");
        json.WriteString("ProjectName", group.Project);
    }

    public static void WriteAsset(Utf8JsonWriter json, LibraryAsset asset)
    {
        json.WriteString("Id", asset.Id);
        json.WriteString("Name", asset.Name);
        json.WriteString("Status", asset.Status);
        json.WriteString("AssetType", asset.Type);
        json.WriteString("GroupId", asset.Group.Id);
        json.WriteString("ProjectName", asset.Group.Project);
        if (asset.Error is { } error)
        {
            json.WriteStartObject("Error");
            json.WriteString("Code", error);
            json.WriteString("Message", "The asset did not pass review");
            json.WriteEndObject();
        }
    }

    private SandboxResponse Upstream(string action, Action<Utf8JsonWriter> result) => SandboxResponse.Bare(json =>
    {
        WriteMetadata(json, action, null);
        json.WriteStartObject("Result");
        result(json);
        json.WriteEndObject();
    });

    /// <summary>The same members in the service's own spelling and envelope.</summary>
    private static SandboxResponse Enveloped(SandboxResponse upstream)
    {
        using var document = JsonDocument.Parse(upstream.Body);
        var result = document.RootElement.GetProperty("Result");
        return SandboxResponse.Data(json =>
        {
            foreach (var member in result.EnumerateObject())
            {
                json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name));
                member.Value.WriteTo(json);
            }
        });
    }

    private void WriteMetadata(Utf8JsonWriter json, string action, Refusal? error)
    {
        json.WriteStartObject("ResponseMetadata");
        json.WriteString("RequestId", state.RequestId);
        json.WriteString("Action", action);
        json.WriteString("Version", "2024-01-01");
        if (error is not null)
        {
            json.WriteStartObject("Error");
            json.WriteString("Code", error.Code ?? error.Status.ToString(CultureInfo.InvariantCulture));
            json.WriteString("Message", error.Message);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}

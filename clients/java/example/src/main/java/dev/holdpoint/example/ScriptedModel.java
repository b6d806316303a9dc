package dev.holdpoint.example;

import java.util.List;
import java.util.function.Function;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/**
 * Stands for a real model: wants one tool call, and then sums up its result. Needs no
 * network, and says the same everywhere.
 */
final class ScriptedModel implements ChatModel {
    private final Function<List<ChatMessage>, ToolExecutionRequest> wish;

    ScriptedModel(Function<List<ChatMessage>, ToolExecutionRequest> wish) { this.wish = wish; }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        ChatMessage last = messages.get(messages.size() - 1);
        AiMessage answer = last instanceof ToolExecutionResultMessage result
                ? AiMessage.from("Finished. " + result.text())
                : AiMessage.from(wish.apply(messages));
        return ChatResponse.builder().aiMessage(answer).build();
    }
}

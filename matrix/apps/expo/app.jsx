// An app with Better Auth's Expo plugin: one signs up, changes the name, signs out and in again.
import { expoClient } from "@better-auth/expo/client";
import * as SecureStore from "expo-secure-store";
import { Button, Text, View } from "react-native";
import { createAuthClient } from "./client.js";

const client = createAuthClient({ plugins: [expoClient({ scheme: "better-session", storage: SecureStore })] });

const account = { email: "ada@example.com", password: "correct horse battery", name: "Ada" };

const actions = {
  "Sign up": () => client.signUp.email(account),
  Rename: () => client.updateUser({ name: "Grace" }),
  "Sign out": () => client.signOut(),
  "Sign in": () => client.signIn.email({ email: account.email, password: account.password }),
};

export function App() {
  const { data, isPending } = client.useSession();
  return (
    <View>
      <Text testID="user">{isPending ? "pending" : (data?.user.name ?? "nobody")}</Text>
      {Object.entries(actions).map(([title, onPress]) => (
        <Button key={title} title={title} onPress={onPress} />
      ))}
    </View>
  );
}
